import { setTimeout as sleep } from 'node:timers/promises';
import type { Histogram } from 'prom-client';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError, type HealthCheck } from 'express-runbook';
import type { TestAppOptions } from 'express-runbook/testing';
import { readEvents, servedConsole, type EventReader, type ServedConsole } from './served-console.js';

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function served(...args: Parameters<typeof servedConsole>): Promise<ServedConsole> {
  const kit = await servedConsole(...args);
  opened.push(kit);
  return kit;
}

async function reading(url: string): Promise<EventReader> {
  const reader = await readEvents(url);
  opened.push(reader);
  return reader;
}

async function snapshotOf({ url }: ServedConsole) {
  const { body } = await request(url).get('/ops/snapshot').expect(200);
  return body;
}

function routes(app: Parameters<Parameters<typeof servedConsole>[1] & object>[0]): void {
  app.get('/orders/:id', (_req, res) => void res.json({ ok: true }));
  app.get('/boom', () => {
    throw new Error('the shelf fell over');
  });
}

describe('what the console tells', () => {
  it('is what /metrics says of requests, by route, and their percentiles (MET-02)', async () => {
    const kit = await served({}, routes);
    for (let id = 0; id < 7; id++) await request(kit.url).get(`/orders/${id}`);
    for (let turn = 0; turn < 3; turn++) await request(kit.url).get('/boom');
    await kit.settled();
    // A sample may be taken between the requests.
    const counted = async (): Promise<number> =>
      (await snapshotOf(kit)).sections.routes.rows.reduce(
        (sum: number, row: { requests: number }) => sum + row.requests,
        0,
      );
    await expect.poll(counted, { timeout: 10_000 }).toBe(10);
    const { rows } = (await snapshotOf(kit)).sections.routes;
    const orders = rows.find(({ route }: { route: string }) => route === '/orders/:id');
    const boom = rows.find(({ route }: { route: string }) => route === '/boom');
    expect(orders).toMatchObject({ method: 'GET', errors: 0 });
    expect(orders.requests).toBe(await kit.metrics.value('http_requests_total', { endpoint: '/orders/:id' }));
    expect(boom).toMatchObject({ requests: 3, errors: 3 });
    expect(await kit.metrics.value('errors_total')).toBe(3);
    for (const row of [orders, boom]) {
      expect(row.p50Ms).toBeGreaterThan(0);
      expect(row.p95Ms).toBeGreaterThanOrEqual(row.p50Ms);
      expect(row.p99Ms).toBeGreaterThanOrEqual(row.p95Ms);
    }
  });

  it('gives percentiles as histogram_quantile of Prometheus does', async () => {
    const kit = await served({}, (_app, { metrics }) => {
      // The histogram that httpMetrics() made.
      const seconds = metrics.registry.getSingleMetric('http_request_duration_seconds') as Histogram;
      // 60 up to 10 ms, 30 up to 25 ms, 10 up to 250 ms: the median is five sixths of the way from 5 to 10 ms.
      for (const [value, times] of [
        [0.008, 60],
        [0.02, 30],
        [0.2, 10],
      ] as const) {
        for (let turn = 0; turn < times; turn++) {
          seconds.observe({ method: 'GET', endpoint: '/quick', status: '200' }, value);
        }
      }
    });
    await expect.poll(async () => (await snapshotOf(kit)).sections.routes.rows.length, { timeout: 10_000 }).toBe(1);
    const [row] = (await snapshotOf(kit)).sections.routes.rows;
    expect(row.p50Ms).toBeCloseTo(5 + 5 * (50 / 60), 5);
    expect(row.p95Ms).toBeCloseTo(100 + 150 * (5 / 10), 5);
    expect(row.p99Ms).toBeCloseTo(100 + 150 * (9 / 10), 5);
  });

  it('shows each check with its way through time, and what /health says of it (HLT-01)', async () => {
    let status: 'up' | 'down' = 'up';
    const shop: HealthCheck = {
      name: 'shop',
      critical: false,
      cacheTtlMs: 0,
      failureCacheTtlMs: 0,
      run: () => ({ status, message: 'so' }),
    };
    const kit = await served({}, routes, { checks: [shop] });
    const { next } = await reading(`${kit.url}/ops/events`);
    const { data: before } = await next('snapshot');
    expect(before.sections.health.checks.find(({ name }: { name: string }) => name === 'shop').status).toBe('up');
    status = 'down';
    for (;;) {
      const { data: tick } = await next('tick');
      if (tick.sample.checks.shop === 'down') break;
    }
    const { history, sections } = await snapshotOf(kit);
    expect(history.checks.shop).toMatch(/^u+d+$/);
    expect(history.checks.shop).toHaveLength(history.at.length);
    const health = (await (await fetch(`${kit.url}/health`)).json()) as { status: string };
    expect(sections.health.status).toBe(health.status);
  });

  it('tells of each failed request with the line that says why, and of errors without one (ERR-19)', async () => {
    const kit = await served({}, (app, ops) => {
      routes(app);
      app.get('/away', () => {
        throw new AppError(503, 'the warehouse is closed');
      });
      app.get('/behind', (_req, res) => {
        ops.logger.child({}).error({ err: new Error('nobody listens') }, 'The sweep failed');
        res.end();
      });
    });
    const boom = await request(kit.url).get('/boom?token=geheim-und-lang').set('X-Correlation-ID', 'shopping-1');
    await request(kit.url).get('/away');
    await kit.settled();
    kit.ops.logger.error({ err: new Error('no disk') }, 'The sweep failed');
    const { errors } = (await snapshotOf(kit)).sections;
    expect(errors.map(({ message }: { message: string }) => message)).toEqual([
      'The sweep failed',
      'Error occurred',
      'Error occurred',
    ]);
    expect(errors[0]).toMatchObject({ error: 'no disk', stack: expect.stringContaining('no disk') });
    expect(errors[0].request).toBeUndefined();
    expect(errors[2]).toMatchObject({
      requestId: boom.headers['x-request-id'],
      correlationId: 'shopping-1',
      error: expect.stringContaining('the shelf fell over'),
      request: { method: 'GET', route: '/boom', statusCode: 500 },
    });
    expect(errors[2].request.url).toMatch(/^\/boom\?token=/);
    expect(JSON.stringify(errors)).not.toContain('geheim');
  });

  it('shows pool, alerts and masked settings as they are given', async () => {
    const pool = {
      query: () => Promise.resolve({}),
      end: () => Promise.resolve(),
      on: () => undefined,
      totalCount: 3,
      idleCount: 1,
      waitingCount: 4,
      options: { max: 10 },
    };
    const options: TestAppOptions = {
      pool,
      env: { DATABASE_URL: 'postgres://app:hunter22@db.example/orders', OPS_NETWORKS: '127.0.0.1,::1' },
    };
    const alert = { name: 'Slow', severity: 'warning', message: 'p95 above 500 ms', since: 1_000 };
    const kit = await served(
      { alerts: () => [alert], token: 'another-token-here', networks: undefined },
      routes,
      options,
    );
    const answer = await fetch(`${kit.url}/ops/snapshot`, { headers: { Authorization: 'Bearer another-token-here' } });
    const text = await answer.text();
    const { sections, settings, instance } = JSON.parse(text);
    expect(sections.pools).toEqual([{ name: 'database', used: 2, idle: 1, waiting: 4, max: 10 }]);
    expect(sections.alerts).toEqual([alert]);
    expect(Object.fromEntries(settings)).toMatchObject({
      'database.url': 'postgres://app:***@db.example/orders',
      'database.password': '***',
    });
    expect(text).not.toContain('hunter22');
    expect(instance).toMatchObject({ service: 'test', node: process.version, pid: process.pid });
  });

  it('goes on without alerts that cannot be read, and logs that once', async () => {
    const kit = await served({ alerts: () => Promise.reject(new Error('no database')) }, routes);
    await snapshotOf(kit);
    const { sections } = await snapshotOf(kit);
    expect(sections.alerts).toBeNull();
    expect(kit.logs.filter({ msg: /could not read the alerts/ })).toHaveLength(1);
  });

  it('groups the lines of the slow-query log by their text', async () => {
    const kit = await served({}, routes);
    const said = (duration: number) =>
      kit.ops.logger.warn({ query: 'SELECT ?', duration, pool: 'database' }, 'Slow database query detected');
    said(700);
    said(900);
    kit.ops.logger.warn({ query: 'SELECT ?' }, 'Something else');
    const { slow } = (await snapshotOf(kit)).sections.queries;
    expect(slow).toEqual([{ query: 'SELECT ?', count: 2, slowestMs: 900, latestAt: expect.any(Number) }]);
  });

  it('does not change what a scrape is told: what is measured since the latest scrape is left to scrapes', async () => {
    const kit = await served({ intervalMs: 10 }, (_app, { metrics }) => {
      let asked = 0;
      metrics.gauge({
        name: 'asked',
        help: 'Times.',
        collect() {
          this.set(++asked);
        },
      });
    });
    await reading(`${kit.url}/ops/events`).then(({ next }) => next('tick'));
    await sleep(50);
    expect(await kit.metrics.value('asked')).toBe(1);
  });
});

describe('what an open page is told', () => {
  it('everything first, then what changes', async () => {
    const kit = await served({}, routes);
    const { next, contentType } = await reading(`${kit.url}/ops/events`);
    expect(contentType).toBe('text/event-stream; charset=utf-8');
    const { data: whole } = await next('snapshot');
    expect(Object.keys(whole.sections)).toEqual(
      expect.arrayContaining(['health', 'routes', 'errors', 'jobs', 'caches', 'alerts', 'level']),
    );
    await next('tick');
    const { data: quiet } = await next('tick');
    expect(quiet.sample.at).toBeGreaterThan(whole.history.at[0] ?? 0);
    expect(quiet.sections.errors).toBeUndefined();
    await request(kit.url).get('/boom');
    for (;;) {
      const { data } = await next('tick');
      if (data.sections.errors === undefined) continue;
      expect(data.sections.errors[0].request.route).toBe('/boom');
      break;
    }
  });

  it('to so many pages and no more; one that is closed makes room', async () => {
    const kit = await served({ maxPages: 2 }, routes);
    const first = await reading(`${kit.url}/ops/events`);
    await first.next('snapshot');
    await reading(`${kit.url}/ops/events`).then(({ next }) => next('snapshot'));
    const third = await fetch(`${kit.url}/ops/events`);
    expect(third.status).toBe(429);
    expect(third.headers.get('retry-after')).toBe('10');
    first.close();
    await expect.poll(async () => (await fetch(`${kit.url}/ops/events`, { method: 'HEAD' })).status).toBe(200);
    expect(await kit.metrics.value('errors_total')).toBe(0);
  });

  it('also when the one before left while it was asked who that is', async () => {
    let admit: (() => void) | undefined;
    const kit = await served({
      maxPages: 1,
      guard: (_req, _res, next) => {
        if (admit === undefined) admit = next;
        else next();
      },
    });
    const abort = new AbortController();
    const left = fetch(`${kit.url}/ops/events`, { signal: abort.signal }).catch(() => 'left');
    await expect.poll(() => admit).toBeDefined();
    abort.abort();
    expect(await left).toBe('left');
    await kit.logs.waitFor({ url: '/ops/events' });
    admit?.();
    await expect.poll(async () => (await fetch(`${kit.url}/ops/events`, { method: 'HEAD' })).status).toBe(200);
  });

  it('not at all what cannot be written as JSON, which ends no process', async () => {
    const kit = await served({ alerts: () => [{ name: 'odd', severity: 'low', since: 1n as unknown as number }] });
    await expect.poll(async () => (await fetch(`${kit.url}/ops/snapshot`)).status).toBe(500);
  });

  it('and ended when the process is told to stop: no page holds up a shutdown', async () => {
    const kit = await servedConsole({}, routes);
    const page = await readEvents(`${kit.url}/ops/events`);
    const log = await readEvents(`${kit.url}/ops/log`);
    await page.next('snapshot');
    const report = await kit.close();
    expect(report.exitCode).toBe(0);
    await page.ended();
    await log.ended();
    expect(kit.logs.filter({ msg: /Slow HTTP request/ })).toEqual([]);
  });

  it('nothing while it does not read, and everything when it does again', async () => {
    const kit = await served({ intervalMs: 10, settings: () => ({ long: 'x'.repeat(4_000_000) }) }, routes);
    const page = await reading(`${kit.url}/ops/events`);
    await sleep(300);
    // The snapshot alone is more than a connection holds: ticks were left out meanwhile, and not kept for later.
    await page.next('snapshot');
    const { data } = await page.next('snapshot');
    expect(data.history.at.length).toBeGreaterThan(1);
  });
});

describe('the log of the console', () => {
  it('begins with what is held, goes on as lines come, and is redacted as the log is (LOG-60)', async () => {
    const kit = await served({}, routes);
    kit.ops.logger.info({ password: 'hunter22' }, 'before');
    const { next } = await reading(`${kit.url}/ops/log?text=before`);
    const { data } = await next('lines');
    expect(data.lines).toHaveLength(1);
    expect(data.lines[0]).toMatchObject({ level: 'info', message: 'before', fields: { password: '[REDACTED]' } });
    const later = await reading(`${kit.url}/ops/log?text=AFTER`);
    kit.ops.logger.warn({}, 'and after');
    expect((await later.next('lines')).data.lines[0]).toMatchObject({ level: 'warn', message: 'and after' });
  });

  it('shows the lines of one request, by request or correlation id, among a thousand others', async () => {
    const kit = await served({}, routes);
    const { headers } = await request(kit.url).get('/orders/1').set('X-Correlation-ID', 'basket-7');
    await kit.settled();
    kit.ops.logger.info({}, `told of ${headers['x-request-id']} by another`);
    for (let turn = 0; turn < 300; turn++) kit.ops.logger.info({}, 'noise');
    for (const id of [headers['x-request-id'], 'basket-7']) {
      const { next } = await reading(`${kit.url}/ops/log?id=${id}`);
      const { data } = await next('lines');
      expect(data.lines.map(({ message }: { message: string }) => message)).toEqual(['Request completed']);
      expect(data.lines[0].fields).toMatchObject({ method: 'GET', url: '/orders/1', statusCode: 200 });
    }
  });

  it('shows a level and what is worse', async () => {
    const kit = await served({}, routes);
    kit.ops.logger.debug({}, 'a');
    kit.ops.logger.warn({}, 'b');
    kit.ops.logger.error({}, 'c');
    const { next } = await reading(`${kit.url}/ops/log?level=warn`);
    const { data } = await next('lines');
    expect(data.lines.map(({ message }: { message: string }) => message)).toEqual(['b', 'c']);
  });

  it('leaves out what comes faster than it can be read, and says how much', async () => {
    const kit = await served({}, routes);
    const { next } = await reading(`${kit.url}/ops/log?text=flood`);
    for (let turn = 0; turn < 1000; turn++) kit.ops.logger.info({}, 'flood');
    const { data } = await next('lines');
    expect(data.lines).toHaveLength(200);
    expect(data.skipped).toBe(800);
  });

  it('reads lines of every schema', async () => {
    for (const LOG_SCHEMA of ['nested', 'winston']) {
      const { createConsole, createLogger, createMetrics } = await import('express-runbook');
      const logger = createLogger({ schema: LOG_SCHEMA as 'nested', stdout: { write: () => undefined } });
      const { registry } = createMetrics({ defaultMetrics: false });
      const app = (await import('express')).default();
      const page = createConsole({ registry, isProduction: false, lines: (listener) => logger.tail(listener) });
      app.use(page);
      logger.error({ requestId: 'r-1', err: new Error('oh') }, 'It broke');
      const { body } = await request(app).get('/ops/snapshot');
      expect(body.sections.errors).toMatchObject([{ message: 'It broke', requestId: 'r-1', error: 'oh' }]);
      await page.close();
    }
  });
});

describe('the memory of the console', () => {
  it('has a bound: samples, lines and failures push out older ones', async () => {
    const kit = await served({ intervalMs: 20, historyMs: 1000 }, routes);
    for (let turn = 0; turn < 60; turn++) await request(kit.url).get('/boom');
    const long = 'x'.repeat(4000);
    for (let turn = 0; turn < 200; turn++) kit.ops.logger.warn({ turn, a: long, b: long, c: long }, 'long');
    const log = await reading(`${kit.url}/ops/log?text=long`);
    const { lines } = (await log.next('lines')).data;
    // A million characters, of lines that have twelve thousand each.
    expect(lines.length).toBeGreaterThan(70);
    expect(lines.length).toBeLessThan(84);
    expect(lines.at(-1).fields.turn).toBe(199);
    await expect.poll(async () => (await snapshotOf(kit)).history.at.length, { timeout: 5000 }).toBe(50);
    const { data } = await (await reading(`${kit.url}/ops/events`)).next('tick');
    const { history, sections } = await snapshotOf(kit);
    expect(history.at).toHaveLength(50);
    expect(history.at.at(-1)).toBeGreaterThanOrEqual(data.sample.at);
    expect([...history.at].sort((one, other) => one - other)).toEqual(history.at);
    expect(history.series.cpuPercent).toHaveLength(50);
    expect(sections.errors).toHaveLength(50);
  });
});
