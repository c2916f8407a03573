import express from 'express';
import pg from 'pg';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHealthRouter, databaseCheck } from 'express-runbook';
import { recordingLogger } from '../support/recording-logger.js';
import { serverFolder, testDatabase, testServer, type TestDatabase } from '../support/postgres.js';

describe('the health of a service on a real Postgres', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  /** An app with a pool of its own, wired as the documentation of databaseCheck says. */
  function serviceOn(url: string, max = 2) {
    const pool = new pg.Pool({ connectionString: url, max });
    const logger = recordingLogger();
    const health = createHealthRouter({ checks: [databaseCheck({ pool })], details: 'always', logger });
    closing.push(() => pool.end());
    return { app: express().use(health), pool, logger };
  }

  describe('that runs', () => {
    let database: TestDatabase;
    beforeEach(async () => {
      database = await testDatabase();
      closing.push(() => database.drop());
    });

    it('shows latency and pool (HLT-20, HLT-30, HLT-31)', async () => {
      const { app } = serviceOn(database.url);
      const { body } = await request(app).get('/health').expect(200);
      expect(body.details.database).toMatchObject({
        status: 'up',
        connectionPool: { total: 1, idle: 1, waiting: 0, max: 2, utilization: 0 },
      });
      expect(body.details.database.responseTime).toBeGreaterThan(0);
    });

    it('is down while every connection of the pool is taken, and up when one is free again (HLT-31)', async () => {
      const { app, pool } = serviceOn(database.url, 1);
      const client = await pool.connect();
      const { body } = await request(app).get('/health').expect(503);
      expect(body.details.database).toMatchObject({
        reason: 'timeout',
        connectionPool: { waiting: 1, utilization: 1 },
      });
      client.release();
      await vi.waitFor(() => request(app).get('/readyz').expect(200), { timeout: 5000 });
    });
  });

  it('turns readiness to 503 when the server stops, tells the log, keeps liveness at 200, and recovers by itself (HLT-03, HLT-04, HLT-40, S11)', async () => {
    const { dataDir, remove } = serverFolder();
    closing.push(remove);
    const server = await testServer({ dataDir });
    closing.push(() => server.stop());
    const { app, logger } = serviceOn(server.url);
    await request(app).get('/readyz').expect(200);
    await server.stop();
    await vi.waitFor(() => request(app).get('/readyz').expect(503), { timeout: 2000 });
    const { text } = await request(app).get('/health').expect(503);
    expect(text).not.toMatch(/127\.0\.0\.1|ECONNREFUSED/);
    await request(app).get('/livez').expect(200);
    const again = await testServer({ dataDir, port: server.port });
    closing.push(() => again.stop());
    await vi.waitFor(() => request(app).get('/readyz').expect(200), { timeout: 3000 });
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'Health check database is down: database is not reachable',
      'Health check database is up',
    ]);
  });
});
