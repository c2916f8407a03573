const { createPool } = require('express-runbook/postgres');
const { serve } = require('./service.cjs');

void serve({ pool: createPool({ connectionString: 'postgresql://app:app@127.0.0.1:1/app' }) });
