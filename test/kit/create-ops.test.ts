import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { type Express } from 'express';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { createOps, loadConfig } from 'express-runbook';
import { testApp, type TestAppOptions, type TestOps } from 'express-runbook/testing';
import { strangeThings } from '../errors/strange-things.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const opened: TestOps[] = [];

afterEach(async () => {
  for (const kit of opened.splice(0)) await kit.close();
});

function kept<Kit extends TestOps>(kit: Kit): Kit {
  opened.push(kit);
  return kit;
}

function wired(options: TestAppOptions = {}) {
  return kept(testApp(addRoutes, { service: 'kit-test', version: '1.2.3', ...options }));
}

function addRoutes(app: Express): void {
  app.use(express.json());
  app.get('/api/items/:id', (req, res) => {
    res.json({ id: req.params.id });
  });
  app.get('/boom', () => {
    throw new Error('postgres://app:hunter2@db is away');
  });
}

describe.each(EXPRESS_MAJORS)('createOps on %s', (_label, create) => {
  it('gives problem details, refuses under overload and for maintenance when it is told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kit-'));
    const file = join(folder, 'maintenance');
    const kit = wired({
      app: create(),
      errorType: 'problem',
      loadShedding: { eventLoopDelayMs: () => 0 },
      env: { MAINTENANCE_FILE: file },
    });
    expect((await request(kit.app).get('/nowhere').expect(404)).headers['content-type']).toContain('problem+json');
    expect(await kit.ops.metrics.registry.metrics()).toContain('requests_shed_total{reason="in_flight"} 0');
    writeFileSync(file, '');
    await expect.poll(async () => (await request(kit.app).get('/api/items/7')).status, { timeout: 5000 }).toBe(503);
    await request(kit.app).get('/health').expect(200);
    rmSync(folder, { recursive: true });
  });

  it('gives every answer its ids and security headers, errors and unknown routes too (COR-03, SEC-07)', async () => {
    const { app } = wired({ app: create() });
    for (const [path, status] of [
      ['/api/items/7', 200],
      ['/nowhere', 404],
      ['/boom', 500],
      ['/health', 200],
    ] as const) {
      const { headers } = await request(app).get(path).expect(status);
      expect(headers['x-request-id']).toBeDefined();
      expect(headers['x-correlation-id']).toBeDefined();
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  it('answers errors in one envelope and shows nothing of the cause (ERR-09, ERR-10)', async () => {
    const { app } = wired({ app: create() });
    const { body, headers } = await request(app).get('/boom').expect(500);
    expect(body).toEqual({
      success: false,
      error: { code: 500, message: 'Internal server error' },
      requestId: headers['x-request-id'],
    });
  });

  it('counts each 500, and nothing else, as an error (ERR-19)', async () => {
    const { app, metrics } = wired({ app: create() });
    for (let turn = 0; turn < 3; turn++) await request(app).get('/boom').expect(500);
    for (const path of ['/nowhere', '/api/items/7', '/health']) await request(app).get(path);
    expect(await metrics.value('errors_total')).toBe(3);
    expect(await metrics.value('http_requests_total', { status: 500 })).toBe(3);
  });

  it.each(strangeThings())(
    'tells of %s that is thrown in one line, and of the request in another',
    async (_what, thrown) => {
      const { app, logs, settled } = kept(
        testApp(
          (routes) =>
            routes.get('/it', () => {
              throw thrown;
            }),
          { app: create() },
        ),
      );
      const { headers } = await request(app).get('/it').expect(500);
      await settled();
      const lines = logs.filter({ requestId: headers['x-request-id'] }).map(({ msg }) => msg);
      expect(lines.filter((msg) => msg === 'Error occurred')).toHaveLength(1);
      expect(lines.filter((msg) => msg === 'Request completed')).toHaveLength(1);
      expect(logs.filter({ msg: 'Error occurred' })).toHaveLength(1);
    },
  );

  it('counts requests by route template and errors by number (MET-02, MET-04)', async () => {
    const { app, metrics } = wired({ app: create() });
    await request(app).get('/api/items/7');
    await request(app).get('/api/items/8');
    await request(app).get('/boom');
    const labels = { method: 'GET', endpoint: '/api/items/:id', status: 200 };
    expect(await metrics.value('http_requests_total', labels)).toBe(2);
    const { text } = await request(app).get('/metrics').expect(200);
    expect(text).toMatch(/^errors_total 1$/m);
    expect(text).toMatch(/app_build_info\{service="kit-test",version="1\.2\.3"/);
  });
});

describe('createOps', () => {
  it('limits requests but neither probes nor scrapes (SEC-05, HLT-14)', async () => {
    const { app } = wired({ env: { RATE_LIMIT_MAX: '3' } });
    for (const path of ['/health', '/metrics', '/health/live', '/health', '/metrics'])
      await request(app).get(path).expect(200);
    for (let turn = 0; turn < 3; turn++) await request(app).get('/api/items/1').expect(200);
    const { body } = await request(app).get('/api/items/1').expect(429);
    expect(body.error).toEqual({ code: 429, message: 'Too many requests' });
    await request(app).get('/health').expect(200);
  });

  it('is not ready before it listens, and says so (HLT-16)', async () => {
    const config = loadConfig({ env: { NODE_ENV: 'test', LOG_REQUESTS: 'false' }, envFile: false });
    const ops = createOps({ service: 'kit-test', config });
    const app = express().use(ops.before);
    await request(app).get('/health/readiness').expect(503);
    await request(app).get('/health/liveness').expect(200);
    ops.shutdown.ready();
    await request(app).get('/health/readiness').expect(200);
    // Made by createOps itself, with the metrics of the process.
    await request(app)
      .get('/metrics')
      .expect(200, /process_cpu_seconds_total/);
    await ops.shutdown.shutdown('test');
  });

  it('answers probes below the prefix of the API, and below its first part (HLT-02)', async () => {
    const { app } = wired({ env: { API_PREFIX: 'api/v1' } });
    for (const path of ['/health', '/api/health', '/api/v1/health', '/api/health/ready'])
      await request(app).get(path).expect(200);
  });

  it("asks the pool, closes it last, and takes its error for the check's (HLT-04, PRC-01)", async () => {
    const order: string[] = [];
    const pool = fakePool(order);
    const { app, ops } = wired({ pool, checks: [{ name: 'own', run: () => undefined }] });
    ops.shutdown.add('worker', () => {
      order.push('worker closed');
    });
    await request(app).get('/health/readiness').expect(200);
    pool.isAway = true;
    pool.emitError();
    await request(app).get('/health/readiness').expect(503);
    await ops.shutdown.shutdown('test');
    expect(order).toEqual(['worker closed', 'pool ended']);
  });

  it('limits by the given Redis, asks it without being unready by it, and ends it (S36, HLT-35)', async () => {
    const asked: string[] = [];
    const redis = Object.assign(new EventEmitter(), {
      call: (command: string) => {
        asked.push(command);
        return Promise.reject(new Error('away'));
      },
      ping: () => Promise.reject(new Error('away')),
      quit: () => Promise.reject(new Error('away')),
      disconnect: () => asked.push('disconnected'),
    });
    const { app, ops } = wired({ redis });
    await request(app).get('/api/items/1').expect(200);
    expect(asked).toContain('SCRIPT');
    await request(app).get('/health/readiness').expect(200);
    const { body } = await request(app).get('/health').expect(200);
    expect(JSON.stringify(body)).toContain('redis');
    await ops.shutdown.shutdown('test');
    expect(asked.at(-1)).toBe('disconnected');
  });

  it('listens on the port of the configuration and rejects when it is taken', async () => {
    const taken = express().listen(0);
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const { app, ops } = wired({ env: { PORT: port } });
    await expect(ops.listen(app)).rejects.toThrow('EADDRINUSE');
    taken.close();
    await once(taken, 'close');
    const again = wired({ env: { PORT: port } });
    await again.ops.listen(again.app);
    await request(`http://127.0.0.1:${port}`).get('/health/ready').expect(200);
  });

  it('refuses an app that believes every proxy, with the cure (S35)', async () => {
    const { app, ops } = wired();
    app.set('trust proxy', true);
    await expect(ops.listen(app)).rejects.toThrow(/trust proxy.*must not be true.*10\.0\.0\.0\/8/);
  });

  it('does not listen when it was told to stop while it started', async () => {
    const { app, ops } = wired({ env: { PORT: '0' } });
    const stopping = ops.shutdown.shutdown('SIGTERM');
    const server = await ops.listen(app);
    expect(server.listening).toBe(false);
    expect(await stopping).toMatchObject({ exitCode: 0 });
  });

  it('wants a name, and refuses what it does not know with the cure', () => {
    // @ts-expect-error the mistake under test
    expect(() => createOps({})).toThrow(/createOps\.service is required/);
    // @ts-expect-error the mistake under test
    expect(() => createOps({ service: 'x', ratelimit: false })).toThrow(/did you mean rateLimit/);
  });
});

/** Stands for a `pg.Pool`: what it does when the database goes away is decided by the test. */
function fakePool(order: string[]) {
  const listeners: ((error: Error) => void)[] = [];
  return {
    isAway: false,
    totalCount: 1,
    idleCount: 1,
    waitingCount: 0,
    options: { max: 1 },
    query(): Promise<unknown> {
      return this.isAway ? Promise.reject(new Error('away')) : Promise.resolve({ rows: [] });
    },
    end(): Promise<void> {
      order.push('pool ended');
      return Promise.resolve();
    },
    on(_event: 'error', listener: (error: Error) => void) {
      listeners.push(listener);
      return this;
    },
    emitError(): void {
      for (const listener of listeners) listener(new Error('terminated'));
    },
  };
}
