import express, { type Express } from 'express';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { errorHandler, rateLimiter, requestQuota, type Middleware, type RateLimiterOptions } from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';
import { requireTool } from '../support/real-tools.js';
import { recordingLogger } from '../support/recording-logger.js';
import { testRedis } from '../support/redis.js';
import { freePort } from '../support/reference-server.js';

const redis = requireTool('redis-server');

describe.skipIf(!redis.isInstalled)('limits on a real Redis', () => {
  const { start: running, client: clientOf, freeze } = testRedis();

  function limited(client: Redis, options: RateLimiterOptions = {}) {
    const logger = recordingLogger();
    const registry = new Registry();
    const clock = fakeClock();
    const limiter = rateLimiter({ redis: client, logger, registry, now: clock.now, ...options });
    const app = served(limiter);
    const metric = async (name: string, labels: Record<string, string>) =>
      (await registry.getSingleMetric(name)!.get()).values.find(({ labels: given }) =>
        Object.entries(labels).every(([label, value]) => given[label] === value),
      )?.value;
    return { app, clock, lines: logger.lines, metric };
  }

  type Limited = ReturnType<typeof limited>;

  function served(middleware: Middleware): Express {
    const app = express();
    app.use(middleware);
    app.get('/', (_req, res) => {
      res.json({});
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    return app;
  }

  const status = async (app: Express): Promise<number> => (await request(app).get('/')).status;

  it('are those of all instances together, exact under parallel hits (S36, S37)', async () => {
    const { port } = await running();
    const [one, other] = [1, 2].map(() => limited(clientOf(port), { max: 30, redisTimeoutMs: 30_000 })) as [
      Limited,
      Limited,
    ];
    const hits = Array.from({ length: 100 }, (_, index) => status(index % 2 === 0 ? one.app : other.app));
    const statuses = await Promise.all(hits);
    expect(statuses.filter((code) => code === 200)).toHaveLength(30);
    expect(statuses.filter((code) => code === 429)).toHaveLength(70);
    expect([...one.lines, ...other.lines].map(({ message }) => message)).toEqual(['Rate limit exceeded']);
    const client = clientOf(port);
    const [key = ''] = await client.keys('*');
    expect(key).toBe('rate-limit:requests:127.0.0.1');
    expect(await client.pttl(key)).toBeGreaterThan(50_000);
  });

  it('tell rest and time in the headers as those in memory do', async () => {
    const { port } = await running();
    const { app } = limited(clientOf(port), { max: 2 });
    const { headers } = await request(app).get('/');
    expect(headers.ratelimit).toMatch(/^"2-in-1min"; r=1; t=60$/);
    await status(app);
    const refused = await request(app).get('/');
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toMatch(/^(59|60)$/);
  });

  it('that hang cost one deadline: this instance counts by itself, says so once, and shares again after (S36)', async () => {
    const server = await running();
    const { port } = server;
    const { app, clock, lines, metric } = limited(clientOf(port), { max: 3, redisTimeoutMs: 50 });
    expect(await status(app)).toBe(200);
    freeze(server);
    const during = [];
    for (let sent = 0; sent < 5; sent++) during.push(await status(app));
    expect(during).toEqual([200, 200, 200, 429, 429]);
    expect(lines.filter(({ message }) => message === 'Limit goes on without Redis')).toMatchObject([
      { level: 'warn', fields: { limit: 'requests', answer: 'local', reason: 'no answer within 50 ms' } },
    ]);
    expect(await metric('rate_limit_fallback_total', { answer: 'local' })).toBe(5);
    server.process.kill('SIGCONT');
    await expect
      .poll(async () => {
        clock.advance(1000);
        await status(app);
        return lines.map(({ message }) => message);
      })
      .toContain('Limit counts in Redis again');
    const { fields } = lines.find(({ level }) => level === 'info') ?? {};
    expect(fields).toEqual({ limit: 'requests', duration: expect.any(Number) });
    expect(Number(fields?.duration) % 1000).toBe(0);
  });

  it('that were never there count here, and in Redis once it comes', async () => {
    const port = await freePort();
    const { app, clock, lines } = limited(clientOf(port), { max: 2, redisTimeoutMs: 50 });
    expect([await status(app), await status(app), await status(app)]).toEqual([200, 200, 429]);
    await running(port);
    await expect
      .poll(async () => {
        clock.advance(1000);
        await status(app);
        return lines.map(({ message }) => message);
      })
      .toContain('Limit counts in Redis again');
    expect(await clientOf(port).exists('rate-limit:requests:127.0.0.1')).toBe(1);
  });

  it('survive a restart of Redis, which forgets the script (NOSCRIPT)', async () => {
    const { port } = await running();
    const { app, lines } = limited(clientOf(port), { max: 2 });
    expect(await status(app)).toBe(200);
    await clientOf(port).script('FLUSH');
    expect([await status(app), await status(app)]).toEqual([200, 429]);
    expect(lines.map(({ message }) => message)).toEqual(['Rate limit exceeded']);
  });

  it('that are refused by Redis (out of memory) are answered as the option says', async () => {
    const { port } = await running();
    const admin = clientOf(port);
    await admin.config('SET', 'maxmemory', '1');
    const answers = { local: [200, 429], allow: [200, 200], deny: [503, 503] } as const;
    for (const [whenRedisFails, expected] of Object.entries(answers)) {
      const { app, lines, metric } = limited(clientOf(port), { max: 1, whenRedisFails: whenRedisFails as 'local' });
      expect([await status(app), await status(app)]).toEqual(expected);
      expect(lines.filter(({ message }) => message === 'Limit goes on without Redis')).toHaveLength(1);
      expect(lines[0]?.fields.reason).toMatch(/OOM/);
      expect(await metric('rate_limit_fallback_total', { answer: whenRedisFails })).toBe(2);
    }
    const { app } = limited(clientOf(port), { whenRedisFails: 'deny' });
    const refused = await request(app).get('/');
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.body).toMatchObject({ error: { code: 503, message: 'Service unavailable' } });
  });

  it('of a quota are exact over instances and end with the calendar period (EXT-06)', async () => {
    const { port } = await running();
    const period = { max: 10, redisTimeoutMs: 30_000 } as const;
    const logger = recordingLogger();
    const apps = [1, 2].map(() => served(requestQuota({ ...period, redis: clientOf(port), logger })));
    const statuses = await Promise.all(Array.from({ length: 40 }, (_, index) => status(apps[index % 2]!)));
    expect(statuses.filter((code) => code === 200)).toHaveLength(10);
    expect(logger.lines.map(({ message, fields }) => [message, fields.used])).toEqual([
      ['Quota used by 80 %', 8],
      ['Quota exceeded', 11],
    ]);
    const client = clientOf(port);
    const [key = ''] = await client.keys('*');
    const now = new Date();
    expect(key).toBe(`quota:requests:${now.toISOString().slice(0, 7)}:127.0.0.1`);
    expect(Math.abs((await client.pexpiretime(key)) - Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1))).toBe(0);
  });

  it('of a quota without Redis let everybody pass, unless told otherwise', async () => {
    const client = clientOf(await freePort());
    const options = { max: 1, redis: client, redisTimeoutMs: 20 };
    const open = served(requestQuota(options));
    expect([await status(open), await status(open)]).toEqual([200, 200]);
    const counting = served(requestQuota({ ...options, whenRedisFails: 'local' }));
    expect([await status(counting), await status(counting)]).toEqual([200, 429]);
    const closed = served(requestQuota({ ...options, whenRedisFails: 'deny' }));
    expect(await status(closed)).toBe(503);
  });
});
