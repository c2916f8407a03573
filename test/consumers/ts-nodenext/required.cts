// A CommonJS file of a TypeScript project: other types, other JavaScript.
import runbook = require('express-runbook');
import testing = require('express-runbook/testing');

const error: runbook.AppError = new runbook.ConflictError('twice');
if (error.statusCode !== 409) throw new Error('not a conflict');
if (typeof testing.startEmbeddedPostgres !== 'function') throw new Error('no startEmbeddedPostgres');
