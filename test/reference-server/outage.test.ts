import pg from 'pg';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { freePort, launch, type ReferenceServer } from '../support/reference-server.js';
import { serverFolder, testDatabase, testServer } from '../support/postgres.js';

async function statusOf(server: ReferenceServer, path: string): Promise<number> {
  return (await request(server.url).get(path)).status;
}

/** Asks again and again, as a probe does, until the answer has this status. */
async function untilStatus(server: ReferenceServer, path: string, status: number): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
    if ((await statusOf(server, path)) === status) return;
  }
  throw new Error(`${path} did not become ${status} within 10 s`);
}

/** How many connections of this database are in the query of `/dev/query` right now. */
async function sleepersIn(client: pg.Client): Promise<number | null> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'SELECT pg_sleep%'`,
  );
  return rowCount;
}

describe('a database that is away', () => {
  it('at start gives 503 on readiness, 200 on liveness and lines with the word database (DB-18, HLT-40)', async () => {
    const server = await launch({ env: { DATABASE_URL: `postgres://app:hunter2@127.0.0.1:${await freePort()}/app` } });
    try {
      expect(await statusOf(server, '/health/live')).toBe(200);
      expect(await statusOf(server, '/health/ready')).toBe(503);
      const { body, status } = await request(server.url).get('/health');
      expect(status).toBe(503);
      expect(body.status).toBe('error');
      expect(JSON.stringify(body)).not.toMatch(/hunter2|127\.0\.0\.1|ECONNREFUSED/);
      await expect.poll(() => server.output()).toMatch(/database/);
      expect(server.output()).not.toContain('hunter2');
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });

  it('later costs readiness, not the process, and recovers by itself (HLT-04)', async () => {
    const { dataDir, remove } = serverFolder();
    const database = await testServer({ dataDir });
    const server = await launch({ env: { DATABASE_URL: database.url } });
    const { pid } = server.child;
    try {
      await untilStatus(server, '/health/ready', 200);
      // One client is held in a query, others are idle: both kinds of connection drop.
      const held = request(server.url)
        .get('/dev/query?ms=60000')
        .then((response) => response.status);
      await database.stop('immediate');
      await untilStatus(server, '/health/ready', 503);
      expect(await statusOf(server, '/health/live')).toBe(200);
      expect([500, 503]).toContain(await held);
      const again = await testServer({ dataDir, port: database.port });
      await untilStatus(server, '/health/ready', 200);
      expect(server.child.pid).toBe(pid);
      expect(server.child.exitCode).toBeNull();
      await again.stop();
    } finally {
      await server.stop();
      remove();
    }
  });

  it('terminating every connection leaves the process alive (DB-06)', async () => {
    const database = await testServer();
    const server = await launch({ env: { DATABASE_URL: database.url } });
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    try {
      await untilStatus(server, '/health/ready', 200);
      const held = request(server.url)
        .get('/dev/query?ms=60000')
        .then((response) => response.status);
      await expect.poll(() => sleepersIn(admin)).toBe(1);
      await admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
      );
      expect([500, 503]).toContain(await held);
      await untilStatus(server, '/health/ready', 200);
      expect(server.child.exitCode).toBeNull();
    } finally {
      await admin.end();
      expect(await server.stop()).toBe(0);
      await database.stop();
    }
  });

  it('that has no connection left answers 503 with Retry-After, in time (DB-13)', async () => {
    const database = await testDatabase();
    const server = await launch({
      env: { DATABASE_URL: database.url, DB_POOL_SIZE: '1', DB_CONNECTION_TIMEOUT: '200' },
    });
    const observer = new pg.Client({ connectionString: database.url });
    await observer.connect();
    try {
      const held = request(server.url)
        .get('/dev/query?ms=4000')
        .then((response) => response.status);
      await expect.poll(() => sleepersIn(observer), { timeout: 4000 }).toBe(1);
      const { headers, body } = await request(server.url).get('/dev/query?ms=1').expect(503);
      expect(headers['retry-after']).toBe('5');
      expect(body.error).toEqual({ code: 503, message: 'Service unavailable' });
      expect(await held).toBe(200);
    } finally {
      await observer.end();
      await server.stop();
      await database.drop();
    }
  });
});
