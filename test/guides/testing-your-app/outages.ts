import request from 'supertest';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createPool } from 'express-runbook/postgres';
import { createTestPostgres, testApp, type TestPostgres } from 'express-runbook/testing';
import { routes } from './service.js';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await createTestPostgres({ url: inject('postgresAdminUrl') });
});
afterAll(() => postgres.stop());

it('leaves traffic while its database is away, and goes on living', async () => {
  const database = await postgres.createDatabase();
  const pool = createPool({ connectionString: database.url });
  await pool.query('CREATE TABLE orders (id int)');
  const { app, logs, close } = testApp(routes, { pool, env: { HEALTH_CHECK_CACHE_TTL: '0' } });
  await request(app).get('/health/readiness').expect(200);
  await database.drop(); // cuts every connection, and there is nothing left to connect to
  await request(app).get('/health/readiness').expect(503);
  await request(app).get('/health/liveness').expect(200);
  await logs.waitFor({ msg: /^Health check database is down/ }, { timeoutMs: 5000 });
  expect((await close()).exitCode).toBe(0);
});

it('answers in time although something that it needs hangs', async () => {
  const hanging = { name: 'stock', run: () => new Promise<undefined>(() => undefined) };
  const { ops, app, close } = testApp(routes, { checks: [hanging], env: { HEALTH_CHECK_TIMEOUT: '20ms' } });
  await request(app).get('/health/readiness').expect(503);
  const { checks } = await ops.health.report();
  expect(checks.find(({ name }) => name === 'stock')).toMatchObject({ status: 'down', reason: 'timeout' });
  await close();
});
