// One AppError, one context and one ConfigError, whichever entry and format they come from.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as runbook from 'express-runbook';
import { createTokenIssuer } from 'express-runbook/auth';
import { createCache } from 'express-runbook/cache';
import { createServiceClient } from 'express-runbook/services';
import * as testing from 'express-runbook/testing';

const required = createRequire(import.meta.url)('express-runbook');

for (const name of Object.keys(testing)) {
  if (name in runbook) assert.equal(testing[name], runbook[name], `${name} is another one in ./testing`);
}
await assert.rejects(testing.startEmbeddedPostgres({ colour: 'red' }), runbook.ConfigError);
assert.ok(runbook.isAppError(new required.NotFoundError('Order')), 'an AppError of the CommonJS build is recognised');
runbook.runWithContext({ requestId: 'one' }, () => assert.equal(required.getContext(), runbook.getContext()));

const tokens = createTokenIssuer({ secret: 'a-secret-of-thirty-two-characters' });
const { accessToken } = await tokens.issue({ userId: '7' });
assert.deepEqual(await tokens.authenticator.authenticate(accessToken), { userId: '7' });
assert.throws(() => createTokenIssuer({ secret: '' }), runbook.ConfigError);

const cache = createCache({ name: 'answers' });
assert.equal(await cache.cached('zero', () => 0), 0);
assert.equal(await cache.cached('zero', () => 1), 0);
assert.throws(() => createCache({}), runbook.ConfigError);

const nobody = createServiceClient({ name: 'nobody', baseUrl: 'http://127.0.0.1:1', retries: 0 });
await assert.rejects(nobody.call('/'), { code: 'ERR_SERVICE_UNREACHABLE', statusCode: 502 });
await nobody.close();
assert.throws(() => createServiceClient({}), runbook.ConfigError);

if (process.argv.includes('--pg')) {
  const { createJobs, nextRun } = await import('express-runbook/jobs');
  assert.throws(() => createJobs({}), runbook.ConfigError);
  assert.throws(() => nextRun('0 0 30 2 *'), runbook.ConfigError);
  assert.equal(nextRun('0 2 * * *').getUTCHours(), 2);
  const postgres = await import('express-runbook/postgres');
  const pg = await import('pg');
  for (const name of Object.keys(postgres)) {
    if (name in runbook) assert.equal(postgres[name], runbook[name], `${name} is another one in ./postgres`);
  }
  assert.throws(() => postgres.createPool({ colour: 'red' }), runbook.ConfigError);
  assert.ok(postgres.createPool() instanceof pg.default.Pool, "createPool() gives a pool of the service's own pg");
}
