import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  correlationId,
  errorHandler,
  extendContext,
  isAppError,
  rateLimiter,
  type RateLimiterOptions,
} from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';
import { markOpsEndpoint } from '../../src/core/ops-endpoint.js';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

/** A limited app whose clock is in the test's hand and whose clients say their address. */
function limited(create: typeof express, options: RateLimiterOptions) {
  const clock = fakeClock();
  const logger = recordingLogger();
  const errors = recordingLogger();
  const app = create();
  app.set('trust proxy', ['loopback']);
  app.use(correlationId());
  app.use(rateLimiter({ logger, now: clock.now, ...options }));
  app.get('/', (req, res) => {
    res.json({ ip: req.ip });
  });
  app.use(errorHandler({ logger: errors }));
  const from = (ip: string, path = '/') => request(app).get(path).set('X-Forwarded-For', ip);
  return { app, clock, from, lines: logger.lines, errorLines: errors.lines };
}

describe.each(EXPRESS_MAJORS)('rateLimiter on %s', (_label, create) => {
  it('allows 100 requests a minute and answers the next with 429 in the envelope (SEC-05, ERR-07)', async () => {
    const { from } = limited(create, {});
    for (let sent = 0; sent < 100; sent++) await from('192.0.2.1').expect(200);
    const refused = await from('192.0.2.1').expect(429);
    expect(refused.body).toMatchObject({ success: false, error: { code: 429, message: 'Too many requests' } });
    expect(refused.body.requestId).toBe(refused.headers['x-request-id']);
    await from('192.0.2.2').expect(200);
  });

  it('has a fixed window: traffic does not prolong it, and its end starts a new one (SEC-05, T-15, X-40)', async () => {
    const { from, clock } = limited(create, { max: 2, windowMs: 60_000 });
    const statuses: number[] = [];
    for (const time of [0, 30_000, 50_000, 59_999, 60_000, 61_000, 62_000]) {
      clock.set(time);
      statuses.push((await from('192.0.2.1')).status);
    }
    expect(statuses).toEqual([200, 200, 429, 429, 200, 200, 429]);
  });

  it('tells limit, rest and time in the headers of draft 8, on good answers too (SEC-06)', async () => {
    const { from } = limited(create, { max: 2 });
    const allowed = await from('192.0.2.1');
    expect(allowed.headers['ratelimit-policy']).toMatch(/^"2-in-1min"; q=2; w=60; pk=:[\w=]+:$/);
    expect(allowed.headers.ratelimit).toMatch(/^"2-in-1min"; r=1; t=60$/);
    expect(allowed.headers).not.toHaveProperty('x-ratelimit-limit');
    await from('192.0.2.1');
    const refused = await from('192.0.2.1').expect(429);
    expect(refused.headers['retry-after']).toMatch(/^(59|60)$/);
  });

  it('says to come again in a second, never in none, at the end of the window', async () => {
    const { from, clock } = limited(create, { max: 1, windowMs: 1000 });
    await from('192.0.2.1');
    clock.set(999.99);
    const refused = await from('192.0.2.1').expect(429);
    expect(refused.headers['retry-after']).toBe('1');
  });

  it('warns once per key and window, with the key (LOG-39)', async () => {
    const { from, clock, lines, errorLines } = limited(create, { max: 1 });
    for (let sent = 0; sent < 5; sent++) await from('192.0.2.1', '/?token=secret');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'warn',
      message: 'Rate limit exceeded',
      fields: { key: '192.0.2.1', max: 1, windowMs: 60_000, method: 'GET', path: '/', requestId: expect.any(String) },
    });
    expect(errorLines.map((line) => line.level)).toEqual(['debug', 'debug', 'debug', 'debug']);
    clock.set(60_000);
    await from('192.0.2.1');
    await from('192.0.2.1');
    expect(lines).toHaveLength(2);
  });

  it.each([
    ['IPv4 written as IPv6', '192.0.2.1', '::ffff:192.0.2.1'],
    ['addresses of one IPv6 /56', '2001:db8:0:1::1', '2001:db8:0:ff::2'],
  ])('counts %s as one client', async (_what, one, other) => {
    const { from } = limited(create, { max: 1 });
    await from(one).expect(200);
    await from(other).expect(429);
  });

  it('keeps apart what is not one client', async () => {
    const { from } = limited(create, { max: 1 });
    for (const ip of ['::ffff:192.0.2.1', '::ffff:192.0.2.2', '2001:db8:0:1::1', '2001:db8:0:100::1']) {
      await from(ip).expect(200);
    }
  });

  it('lets exactly the limit pass of many at once', async () => {
    const { app } = limited(create, { max: 20 });
    const server = app.listen(0);
    try {
      const answers = await Promise.all(Array.from({ length: 60 }, () => request(server).get('/')));
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(20);
    } finally {
      server.close();
    }
  });
});

describe('rateLimiter', () => {
  afterEach(() => vi.restoreAllMocks());

  it('does not believe X-Forwarded-For unless a proxy is trusted (SEC-06, SEC-23)', async () => {
    const app = express();
    app.use(rateLimiter({ max: 1 }));
    app.get('/', (_req, res) => {
      res.json({});
    });
    await request(app).get('/').set('X-Forwarded-For', '192.0.2.1').expect(200);
    await request(app).get('/').set('X-Forwarded-For', '192.0.2.2').expect(429);
  });

  it.each([
    ['missing', undefined, 'unknown'],
    ['nonsense', '<script>', 'invalid'],
  ])('counts clients whose address is %s as one (SEC-23)', async (_what, ip, key) => {
    const logger = recordingLogger();
    const app = express();
    app.use((req, _res, next) => {
      Object.defineProperty(req, 'ip', { value: ip });
      next();
    });
    app.use(rateLimiter({ max: 1, logger }));
    await request(app).get('/').expect(404);
    await request(app).get('/').expect(429);
    expect(logger.lines[0]?.fields.key).toBe(key);
  });

  it('limits each client by its connection where there is no Express (SEC-23, X-62)', async () => {
    const limiter = rateLimiter({ max: 1 });
    const server = createServer((req, res) => {
      limiter(req, res, (error) => {
        res.writeHead(error === undefined ? 200 : 429).end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const from = async (localAddress: string): Promise<number | undefined> => {
      const [answer] = (await once(get({ port, host: '127.0.0.1', localAddress }), 'response')) as [IncomingMessage];
      answer.resume();
      return answer.statusCode;
    };
    try {
      expect([await from('127.0.0.1'), await from('127.0.0.2'), await from('127.0.0.1')]).toEqual([200, 200, 429]);
    } finally {
      server.close();
    }
  });

  it('limits by another key', async () => {
    const { app } = limited(express, { max: 1, key: (req) => String(req.headers['x-client']) });
    await request(app).get('/').set('X-Client', 'a').expect(200);
    await request(app).get('/').set('X-Client', 'b').expect(200);
    await request(app).get('/').set('X-Client', 'a').expect(429);
  });

  it('never limits probes and scrapes, and does not count them (HLT-14)', async () => {
    const registry = new Registry();
    const app = express();
    app.use((req, _res, next) => {
      markOpsEndpoint(req, 'health');
      next();
    });
    app.use(rateLimiter({ max: 1, registry }));
    app.get('/', (_req, res) => {
      res.json({});
    });
    for (let sent = 0; sent < 5; sent++) await request(app).get('/').expect(200);
    expect(await registry.metrics()).toContain('rate_limit_requests_total{result="allowed"} 0');
  });

  it('counts what it allowed and what it refused, never by key', async () => {
    const registry = new Registry();
    const { from } = limited(express, { max: 2, registry });
    for (let sent = 0; sent < 5; sent++) await from(`192.0.2.1`);
    const metrics = await registry.metrics();
    expect(metrics).toContain('rate_limit_requests_total{result="allowed"} 2');
    expect(metrics).toContain('rate_limit_requests_total{result="rejected"} 3');
    expect(metrics).not.toContain('192.0.2.1');
  });

  it('remembers a bounded number of keys, and the youngest longest (SEC-05)', async () => {
    const { from } = limited(express, { max: 1, maxKeys: 4 });
    await from('192.0.2.1').expect(200);
    await from('192.0.2.1').expect(429);
    for (const last of [2, 3, 4, 5, 6]) await from(`192.0.2.${last}`).expect(200);
    await from('192.0.2.6').expect(429);
    await from('192.0.2.1').expect(200);
  });

  it('is an error that errorHandler of any copy of the package knows, and that Express alone answers with 429', async () => {
    let seen: unknown;
    const app = express();
    app.use(rateLimiter({ max: 1 }));
    app.get('/', (_req, res) => {
      res.json({});
    });
    app.use((error: unknown, _req: express.Request, _res: express.Response, next: express.NextFunction) => {
      seen = error;
      next(error);
    });
    await request(app).get('/').expect(200);
    const refused = await request(app).get('/').expect(429);
    expect(refused.headers['retry-after']).toBe('60');
    expect(isAppError(seen)).toBe(true);
    expect(seen).toMatchObject({ code: 'ERR_TOO_MANY_REQUESTS', headers: { 'Retry-After': '60' } });
  });

  it('reports wrong use to the logger and not to the console', async () => {
    const written = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    const logger = recordingLogger();
    const app = express();
    app.get('/', (req, res, next) => {
      // The mistake under test: a limiter for each request counts to one.
      rateLimiter({ logger })(req, res, next);
    });
    await request(app).get('/');
    expect(logger.lines).toMatchObject([{ level: 'error', message: 'Rate limiter misused' }]);
    for (const console of written) expect(console).not.toHaveBeenCalled();
  });

  it('gives an error of its key function to the error handler', async () => {
    const fail = () => {
      throw new Error('no such client');
    };
    const { app, errorLines } = limited(express, { key: fail });
    await request(app).get('/').expect(500);
    expect(errorLines[0]?.fields.error).toBe('no such client');
  });

  it.each([
    [{ max: 0 }, /rateLimiter\.max must be a whole number of at least 1, got 0/],
    [{ windowMs: 2 ** 31 }, /rateLimiter\.windowMs must be/],
    [
      { window: 1 },
      /rateLimiter\.window is not an option; did you mean windowMs\?|rateLimiter\.window is not an option/,
    ],
    [{ registry: {} }, /rateLimiter\.registry must have the method/],
  ])('refuses %j when it is made', (options, message) => {
    expect(() => rateLimiter(options as RateLimiterOptions)).toThrow(message);
  });
});

describe('rateLimiter and whom it limits', () => {
  function known(options: RateLimiterOptions) {
    const app = express();
    app.use(correlationId());
    app.use((req, _res, next) => {
      extendContext({ clientId: req.get('x-client'), userId: req.get('x-user') });
      next();
    });
    app.use(rateLimiter({ max: 1, ...options }));
    app.get('/', (_req, res) => {
      res.json({});
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    return app;
  }

  it('limits by user or client, and by address while nobody is named', async () => {
    for (const [key, header] of [
      ['user', 'x-user'],
      ['client', 'x-client'],
    ] as const) {
      const app = known({ key });
      await request(app).get('/').set(header, '1').expect(200);
      await request(app).get('/').set(header, '2').expect(200);
      await request(app).get('/').set(header, '1').expect(429);
      await request(app).get('/').expect(200);
      await request(app).get('/').expect(429);
    }
  });

  it('does not take a user who is called like an address for that address', async () => {
    const app = known({ key: 'user' });
    await request(app).get('/').expect(200);
    await request(app).get('/').set('x-user', '127.0.0.1').expect(200);
  });

  it.each([
    [true, undefined, /anybody can invent an address/],
    [1, undefined, /by their number/],
    [false, '203.0.113.7', /no proxy is trusted/],
    [[], '203.0.113.7', /no proxy is trusted/],
  ])('explains once that trust proxy %j does not fit (S35)', async (trusted, forwarded, message) => {
    const logger = recordingLogger();
    const app = express();
    app.set('trust proxy', trusted);
    app.use(rateLimiter({ logger }));
    for (let sent = 0; sent < 3; sent++) {
      const sending = request(app).get('/');
      await (forwarded === undefined ? sending : sending.set('X-Forwarded-For', forwarded));
    }
    expect(logger.lines).toHaveLength(1);
    expect(logger.lines[0]).toMatchObject({ level: 'warn', message: expect.stringMatching(message) });
    expect(logger.lines[0]?.fields.cure).toContain("app.set('trust proxy'");
  });

  it('has nothing to explain when the proxies are named', async () => {
    const logger = recordingLogger();
    const app = express();
    app.set('trust proxy', ['loopback', '10.0.0.0/8']);
    app.use(rateLimiter({ logger }));
    await request(app).get('/').set('X-Forwarded-For', '203.0.113.7');
    expect(logger.lines).toEqual([]);
  });
});
