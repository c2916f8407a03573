import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { createOps, loadConfig, type Ops, type OpsOptions } from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';

const opened: Ops[] = [];

afterEach(async () => {
  for (const ops of opened.splice(0)) {
    await ops.shutdown.shutdown('test');
    ops.shutdown.uninstall();
  }
});

/** An environment of its own: what the machine says does not decide these tests. */
function opsFor(env: Record<string, string> = {}, options: Partial<OpsOptions> = {}): Ops {
  const config = loadConfig({
    env: { NODE_ENV: 'test', LOG_LEVEL: 'fatal', LOG_REQUESTS: 'false', ...env },
    envFile: false,
  });
  const ops = createOps({ service: 'kit-test', version: '1.2.3', config, ...options });
  opened.push(ops);
  return ops;
}

function appOf(ops: Ops, create: () => Express = express): Express {
  const app = create();
  app.use(ops.before);
  app.use(express.json());
  app.get('/api/items/:id', (req, res) => {
    res.json({ id: req.params.id });
  });
  app.get('/boom', () => {
    throw new Error('postgres://app:hunter2@db is away');
  });
  app.use(ops.after);
  return app;
}

describe.each(EXPRESS_MAJORS)('createOps on %s', (_label, create) => {
  it('gives every answer its ids and security headers, errors and unknown routes too (COR-03, SEC-07)', async () => {
    const ops = opsFor();
    ops.shutdown.ready();
    const app = appOf(ops, create);
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
    const app = appOf(opsFor(), create);
    const { body, headers } = await request(app).get('/boom').expect(500);
    expect(body).toEqual({
      success: false,
      error: { code: 500, message: 'Internal server error' },
      requestId: headers['x-request-id'],
    });
  });

  it('counts requests by route template and errors by number (MET-02, MET-04)', async () => {
    const app = appOf(opsFor(), create);
    await request(app).get('/api/items/7');
    await request(app).get('/api/items/8');
    await request(app).get('/boom');
    const scraped = async () => (await request(app).get('/metrics').expect(200)).text;
    await expect.poll(scraped).toContain('http_requests_total{method="GET",endpoint="/api/items/:id",status="200"} 2');
    const text = await scraped();
    expect(text).toMatch(/^errors_total 1$/m);
    expect(text).toMatch(/app_build_info\{service="kit-test",version="1\.2\.3"/);
  });
});

describe('createOps', () => {
  it('limits requests but neither probes nor scrapes (SEC-05, HLT-14)', async () => {
    const ops = opsFor({ RATE_LIMIT_MAX: '3' });
    ops.shutdown.ready();
    const app = appOf(ops);
    for (const path of ['/health', '/metrics', '/health/live', '/health', '/metrics'])
      await request(app).get(path).expect(200);
    for (let turn = 0; turn < 3; turn++) await request(app).get('/api/items/1').expect(200);
    const { body } = await request(app).get('/api/items/1').expect(429);
    expect(body.error).toEqual({ code: 429, message: 'Too many requests' });
    await request(app).get('/health').expect(200);
  });

  it('is not ready before it listens, and says so (HLT-16)', async () => {
    const ops = opsFor();
    const app = appOf(ops);
    await request(app).get('/health/readiness').expect(503);
    await request(app).get('/health/liveness').expect(200);
    ops.shutdown.ready();
    await request(app).get('/health/readiness').expect(200);
  });

  it('answers probes below the prefix of the API, and below its first part (HLT-02)', async () => {
    const ops = opsFor({ API_PREFIX: 'api/v1' });
    ops.shutdown.ready();
    const app = appOf(ops);
    for (const path of ['/health', '/api/health', '/api/v1/health', '/api/health/ready'])
      await request(app).get(path).expect(200);
  });

  it("asks the pool, closes it last, and takes its error for the check's (HLT-04, PRC-01)", async () => {
    const order: string[] = [];
    const pool = fakePool(order);
    const ops = opsFor({}, { pool, checks: [{ name: 'own', run: () => undefined }] });
    ops.shutdown.add('worker', () => {
      order.push('worker closed');
    });
    ops.shutdown.ready();
    const app = appOf(ops);
    await request(app).get('/health/readiness').expect(200);
    pool.isAway = true;
    pool.emitError();
    await request(app).get('/health/readiness').expect(503);
    await ops.shutdown.shutdown('test');
    expect(order).toEqual(['worker closed', 'pool ended']);
  });

  it('listens on the port of the configuration and rejects when it is taken', async () => {
    const taken = express().listen(0);
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const ops = opsFor({ PORT: port });
    await expect(ops.listen(appOf(ops))).rejects.toThrow('EADDRINUSE');
    taken.close();
    await once(taken, 'close');
    const again = opsFor({ PORT: port });
    await again.listen(appOf(again));
    await request(`http://127.0.0.1:${port}`).get('/health/ready').expect(200);
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
