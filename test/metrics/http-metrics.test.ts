import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { correlationId, createMetrics, extendContext, httpMetrics, type HttpMetricsOptions } from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';
import { seriesOf, valueOf } from './exposition-value.js';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(app: Express): Promise<Server> {
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return server;
}

/** Sends bytes as they are, on a connection of its own. */
function raw(server: Server, text: string) {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(text);
  return socket;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(EXPRESS_MAJORS)('httpMetrics on %s', (_label, create) => {
  function setup(options: Partial<HttpMetricsOptions> = {}) {
    const metrics = createMetrics({ defaultMetrics: false });
    const app = create();
    app.use(httpMetrics({ registry: metrics.registry, ...options }));
    const value = async (series: string) => valueOf(await metrics.render(), series);
    return { app, metrics, value };
  }

  it('counts requests by method, endpoint and status (MET-02, MET-10, MET-12, X-30)', async () => {
    const { app, value } = setup();
    app.get('/fine', (_req, res) => void res.json({}));
    app.get('/broken', (_req, res) => void res.status(500).json({}));
    for (let n = 0; n < 10; n++) await request(app).get('/fine?page=2');
    await request(app).get('/broken');
    await request(app).get('/nowhere');
    expect(await value('http_requests_total{method="GET",endpoint="/fine",status="200"}')).toBe(10);
    expect(await value('http_requests_total{method="GET",endpoint="/broken",status="500"}')).toBe(1);
    expect(await value('http_requests_total{method="GET",endpoint="unmatched",status="404"}')).toBe(1);
  });

  it('times each request once, in seconds, in the buckets that the queries expect (MET-03, MET-11)', async () => {
    const { app, metrics, value } = setup();
    app.get('/fine', (_req, res) => void res.json({}));
    await request(app).get('/fine');
    await request(app).get('/fine');
    const labels = 'method="GET",endpoint="/fine",status="200"';
    expect(await value(`http_request_duration_seconds_count{${labels}}`)).toBe(2);
    expect(await value(`http_request_duration_seconds_sum{${labels}}`)).toBeLessThan(2);
    const bounds = seriesOf(await metrics.render(), 'http_request_duration_seconds_bucket').map(
      (line) => /le="([^"]+)"/.exec(line)?.[1],
    );
    const expected = '0.005 0.01 0.025 0.05 0.075 0.1 0.25 0.3 0.5 0.75 1 2 2.5 5 7.5 10 +Inf';
    expect(bounds.join(' ')).toBe(expected);
  });

  it('names the endpoint by mount path and template, however deep the router and also for errors', async () => {
    const { app, metrics } = setup();
    const users = create.Router();
    users.get('/:id', (req, res) => void res.json({ id: req.params.id }));
    users.get('/:id/broken', () => {
      throw new Error('on purpose');
    });
    const api = create.Router();
    api.use('/users', users);
    app.use('/api', api);
    app.use((_error: unknown, _req: Request, res: Response, next: NextFunction) => {
      if (res.headersSent) next();
      else res.status(500).json({});
    });
    await request(app).get('/api/users/1');
    await request(app).get('/api/users/2');
    await request(app).get('/api/users/3/broken');
    await request(app).get('/api/users/3/nowhere');
    expect(seriesOf(await metrics.render(), 'http_requests_total')).toEqual([
      'http_requests_total{method="GET",endpoint="/api/users/:id",status="200"} 2',
      'http_requests_total{method="GET",endpoint="/api/users/:id/broken",status="500"} 1',
      'http_requests_total{method="GET",endpoint="unmatched",status="404"} 1',
    ]);
  });

  it('lets no client choose series by spelling a mount in another case, or by values in it (S31)', async () => {
    const { app, metrics } = setup();
    const router = create.Router();
    router.get('/items/:id', (_req, res) => void res.json({}));
    router.get('/broken', () => {
      throw new Error('on purpose');
    });
    app.use('/api/v1', router);
    app.use('/orgs/:org', router);
    app.use((_error: unknown, _req: Request, res: Response, next: NextFunction) => {
      if (res.headersSent) next();
      else res.status(500).json({});
    });
    for (const mount of ['/api/v1', '/API/v1', '/aPi/V1']) await request(app).get(`${mount}/items/1`);
    const orgs = ['7', '8', '0b4c1de2-77f1-4a52-9d3e-3c1f4a5b6c7d', 'a%20b', 'x'.repeat(40)];
    for (const org of orgs) {
      await request(app).get(`/orgs/${org}/items/1`);
      await request(app).get(`/orgs/${org}/broken`);
    }
    expect(seriesOf(await metrics.render(), 'http_requests_total')).toEqual([
      'http_requests_total{method="GET",endpoint="/api/v1/items/:id",status="200"} 3',
      `http_requests_total{method="GET",endpoint="/orgs/:param/items/:id",status="200"} ${orgs.length}`,
      `http_requests_total{method="GET",endpoint="/orgs/:param/broken",status="500"} ${orgs.length}`,
    ]);
  });

  it('has errors_total at 0 before the first error, and counts 5xx but not 4xx (MET-04)', async () => {
    const { app, value } = setup();
    app.get('/status/:code', (req, res) => void res.status(Number(req.params.code)).json({}));
    expect(await value('errors_total')).toBe(0);
    await request(app).get('/status/404');
    expect(await value('errors_total')).toBe(0);
    await request(app).get('/status/500');
    await request(app).get('/status/503');
    expect(await value('errors_total')).toBe(2);
  });

  it('counts an answer that broke off on our side as an error (MET-04)', async () => {
    const { app, value } = setup();
    app.get('/breaks', (_req, res) => {
      res.write('half');
      res.destroy(new Error('on purpose'));
    });
    await request(app)
      .get('/breaks')
      .catch(() => undefined);
    await until(async () => (await value('http_requests_in_flight')) === 0);
    expect(await value('errors_total')).toBe(1);
    expect(await value('http_requests_aborted_total')).toBe(0);
  });

  it('counts an aborted request once, as 499, and in-flight returns to 0 (MET-14)', async () => {
    const { app, metrics, value } = setup();
    app.get('/never', () => undefined);
    const server = await listen(app);
    const sockets = Array.from({ length: 3 }, () => raw(server, 'GET /never HTTP/1.1\r\nHost: x\r\n\r\n'));
    await until(async () => (await value('http_requests_in_flight')) === 3);
    for (const socket of sockets) socket.destroy();
    await until(async () => (await value('http_requests_in_flight')) === 0);
    expect(await value('http_requests_aborted_total')).toBe(3);
    expect(await value('errors_total')).toBe(0);
    expect(seriesOf(await metrics.render(), 'http_requests_total')).toEqual([
      'http_requests_total{method="GET",endpoint="/never",status="499"} 3',
    ]);
    expect(await value('http_request_duration_seconds_count{method="GET",endpoint="/never",status="499"}')).toBe(3);
  });

  it('adds at most two series for random URLs and methods (S31)', async () => {
    const { app, metrics, value } = setup();
    app.get('/x/:id', (_req, res) => void res.json({}));
    const server = await listen(app);
    const methods = ['GET', 'PROPFIND', 'M-SEARCH', 'REPORT', 'MKCOL'];
    await request(server).get('/x/1');
    const before = seriesOf(await metrics.render(), 'http_requests_total').length;
    const random = (n: number): string => {
      const path = `/${Math.random().toString(36).slice(2)}/${n}`;
      return `${methods[n % methods.length]} ${path} HTTP/1.1\r\nHost: x\r\n`;
    };
    for (let n = 0; n < 80; n++) {
      const requests = Array.from({ length: 5 }, (_nothing, m) => random(n * 5 + m));
      const socket = raw(server, `${requests.join('\r\n')}Connection: close\r\n\r\n`);
      socket.resume();
      await once(socket, 'close');
    }
    await until(async () => (await value('http_requests_in_flight')) === 0);
    const text = await metrics.render();
    expect(seriesOf(text, 'http_requests_total').length - before).toBeLessThanOrEqual(2);
    expect(valueOf(text, 'http_requests_total{method="OTHER",endpoint="unmatched",status="404"}')).toBe(320);
  });

  it('makes no series of host names in absolute request targets', async () => {
    const { app, metrics } = setup();
    app.get('/x/:id', (_req, res) => void res.json({}));
    const server = await listen(app);
    for (let n = 0; n < 5; n++) {
      const socket = raw(server, `GET http://evil${n}.test/x/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      socket.resume();
      await once(socket, 'close');
    }
    expect(seriesOf(await metrics.render(), 'http_requests_total')).toHaveLength(1);
  });

  it('folds series beyond the cap into one endpoint and counts what it folded', async () => {
    const { app, value } = setup({ maxSeries: 2 });
    for (const path of ['/a', '/b', '/c', '/d']) app.get(path, (_req, res) => void res.json({}));
    expect(await value('metric_series_dropped_total{metric="http_requests_total"}')).toBe(0);
    for (const path of ['/a', '/b', '/c', '/d', '/a']) await request(app).get(path);
    expect(await value('http_requests_total{method="GET",endpoint="/a",status="200"}')).toBe(2);
    expect(await value('http_requests_total{method="GET",endpoint="__other__",status="200"}')).toBe(2);
    expect(await value('metric_series_dropped_total{metric="http_requests_total"}')).toBe(2);
    expect(await value('metric_series_dropped_total{metric="http_request_duration_seconds"}')).toBe(2);
  });

  it('tells clients apart only when asked to, and only so many of them (MET-02, MET-10, X-57)', async () => {
    const { app, metrics, value } = setup({ maxClients: 2 });
    app.use(correlationId());
    app.get('/as/:client', (req, res) => {
      extendContext({ clientId: req.params.client });
      res.json({});
    });
    for (const client of ['acme', 'booky', 'acme', 'third', 'fourth']) await request(app).get(`/as/${client}`);
    await request(app).get('/nobody');
    expect(seriesOf(await metrics.render(), 'http_requests_total')).toEqual([
      'http_requests_total{method="GET",endpoint="/as/:client",status="200",client_id="acme"} 2',
      'http_requests_total{method="GET",endpoint="/as/:client",status="200",client_id="booky"} 1',
      'http_requests_total{method="GET",endpoint="/as/:client",status="200",client_id="__other__"} 2',
      'http_requests_total{method="GET",endpoint="unmatched",status="404",client_id="unknown"} 1',
    ]);
    expect(await value('metric_series_dropped_total{metric="http_requests_total"}')).toBe(2);
    const timed = 'method="GET",endpoint="/as/:client",status="200",client_id="acme"';
    expect(await value(`http_request_duration_seconds_count{${timed}}`)).toBe(2);
  });

  it('has no label for clients unless it is asked for, and folds them with the endpoint beyond the cap', async () => {
    const known = setup();
    const capped = setup({ maxClients: 5, maxSeries: 1 });
    for (const { app } of [known, capped]) {
      app.use(correlationId());
      app.get('/as/:client', (req, res) => {
        extendContext({ clientId: req.params.client });
        res.json({});
      });
      for (const client of ['acme', 'booky', 'third']) await request(app).get(`/as/${client}`);
    }
    expect(await known.value('http_requests_total{method="GET",endpoint="/as/:client",status="200"}')).toBe(3);
    expect(seriesOf(await capped.metrics.render(), 'http_requests_total')).toEqual([
      'http_requests_total{method="GET",endpoint="/as/:client",status="200",client_id="acme"} 1',
      'http_requests_total{method="GET",endpoint="__other__",status="200",client_id="__other__"} 2',
    ]);
    expect(await capped.value('metric_series_dropped_total{metric="http_requests_total"}')).toBe(2);
  });

  it('counts a request once when mounted twice', async () => {
    const { app, metrics, value } = setup();
    app.use(httpMetrics({ registry: metrics.registry }));
    app.get('/', (_req, res) => void res.json({}));
    await request(app).get('/');
    expect(await value('http_requests_total{method="GET",endpoint="/",status="200"}')).toBe(1);
    expect(await value('http_requests_in_flight')).toBe(0);
  });

  it('never fails a request because counting failed', async () => {
    const { app, metrics } = setup();
    app.get('/', (_req, res) => void res.json({ ok: true }));
    const counter = metrics.registry.getSingleMetric('http_requests_total')!;
    Object.assign(counter, {
      inc() {
        throw new Error('telemetry is broken');
      },
    });
    const warnings: unknown[] = [];
    const keep = (warning: unknown): number => warnings.push(warning);
    process.on('warning', keep);
    await request(app).get('/').expect(200, { ok: true });
    await until(() => Promise.resolve(warnings.length > 0));
    process.off('warning', keep);
    expect(String(warnings[0])).toContain('telemetry is broken');
  });
});

it('names a pattern route by its pattern, not by what it matched', async () => {
  const metrics = createMetrics({ defaultMetrics: false });
  const app = EXPRESS_MAJORS[1]![1]();
  app.use(httpMetrics({ registry: metrics.registry }));
  // A syntax of Express 4 alone.
  app.get('/:rest(.+)', (_req, res) => void res.json({}));
  for (const path of ['/a/b', '/c/d/e', '/f/g/h/i']) await request(app).get(path);
  expect(seriesOf(await metrics.render(), 'http_requests_total')).toEqual([
    'http_requests_total{method="GET",endpoint="/:rest(.+)",status="200"} 3',
  ]);
});

it('counts a request whose client left before httpMetrics had its turn, and in-flight returns to 0 (MET-14)', async () => {
  const metrics = createMetrics({ defaultMetrics: false });
  const app = express();
  let passed = 0;
  app.use((req, _res, next) => {
    req.socket.once('close', () => setImmediate(next));
  });
  app.use(httpMetrics({ registry: metrics.registry }));
  app.use(() => {
    passed += 1;
  });
  const server = await listen(app);
  const socket = raw(server, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(server, 'request');
  socket.destroy();
  await until(() => Promise.resolve(passed === 1));
  await new Promise((resolve) => setImmediate(resolve));
  expect(valueOf(await metrics.render(), 'http_requests_in_flight')).toBe(0);
});

describe('the options of httpMetrics', () => {
  const { registry } = createMetrics({ defaultMetrics: false });

  it.each([
    ['no registry', {}, 'httpMetrics.registry is required'],
    ['a fraction of a series', { registry, maxSeries: 1.5 }, 'httpMetrics.maxSeries must be a whole number'],
    ['clients below none', { registry, maxClients: -1 }, 'httpMetrics.maxClients must be a whole number'],
    ['buckets that do not ascend', { registry, buckets: [1, 0.5] }, 'httpMetrics.buckets must be a list of ascending'],
    ['a typing error', { registry, bucket: [1] }, 'did you mean buckets?'],
  ])('refuse %s by name', (_what, options, message) => {
    expect(() => httpMetrics(options as never)).toThrow(message);
  });

  it('allow no series of one’s own at all', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const app = express();
    app.use(httpMetrics({ registry: metrics.registry, maxSeries: 0 }));
    await request(app).get('/');
    expect(seriesOf(await metrics.render(), 'http_requests_total')).toEqual([
      'http_requests_total{method="GET",endpoint="__other__",status="404"} 1',
    ]);
  });
});
