// One AppError, one context and one ConfigError, whichever entry and format they come from.
const assert = require('node:assert/strict');
const runbook = require('express-runbook');
const { createTokenIssuer } = require('express-runbook/auth');
const { createCache } = require('express-runbook/cache');
const { createServiceClient } = require('express-runbook/services');
const testing = require('express-runbook/testing');

void main();

async function main() {
  const imported = await import('express-runbook');

  for (const name of Object.keys(testing)) {
    if (name in runbook) assert.equal(testing[name], runbook[name], `${name} is another one in ./testing`);
  }
  await assert.rejects(testing.startEmbeddedPostgres({ colour: 'red' }), runbook.ConfigError);
  assert.ok(runbook.isAppError(new imported.NotFoundError('Order')), 'an AppError of the ESM build is recognised');
  runbook.runWithContext({ requestId: 'one' }, () => assert.equal(imported.getContext(), runbook.getContext()));

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
    const { createJobs, nextRun } = require('express-runbook/jobs');
    assert.throws(() => createJobs({}), runbook.ConfigError);
    assert.throws(() => nextRun('0 0 30 2 *'), runbook.ConfigError);
    assert.equal(nextRun('0 2 * * *').getUTCHours(), 2);
    const postgres = require('express-runbook/postgres');
    const { Pool } = require('pg');
    for (const name of Object.keys(postgres)) {
      if (name in runbook) assert.equal(postgres[name], runbook[name], `${name} is another one in ./postgres`);
    }
    assert.throws(() => postgres.createPool({ colour: 'red' }), runbook.ConfigError);
    assert.ok(postgres.createPool() instanceof Pool, "createPool() gives a pool of the service's own pg");
  }
}
