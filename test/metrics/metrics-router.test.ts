import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createMetrics, createMetricsRouter, httpMetrics, observeConnections } from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';
import { requireTool } from '../support/real-tools.js';
import { valueOf } from './exposition-value.js';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

describe.each(EXPRESS_MAJORS)('createMetricsRouter on %s', (_label, create) => {
  function setup() {
    const metrics = createMetrics({ service: 'orders', version: '1.2.3' });
    const app = create();
    app.use(httpMetrics({ registry: metrics.registry }));
    return { metrics, app };
  }

  it('answers /metrics in the exact content type that Prometheus asks for, query string or not (MET-01)', async () => {
    const { metrics, app } = setup();
    app.use(createMetricsRouter({ registry: metrics.registry }));
    const response = await request(app).get('/metrics?from=prometheus').expect(200);
    expect(response.headers['content-type']).toBe(CONTENT_TYPE);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers.etag).toBeUndefined();
    expect(Number(response.headers['content-length'])).toBe(Buffer.byteLength(response.text));
    for (const name of ['http_request_duration_seconds', 'errors_total', 'process_heap', 'process_cpu']) {
      expect(response.text).toContain(name);
    }
    expect(response.text.endsWith('\n')).toBe(true);
  });

  it('answers HEAD with the headers alone', async () => {
    const { metrics, app } = setup();
    app.use(createMetricsRouter({ registry: metrics.registry }));
    const response = await request(app).head('/metrics').expect(200);
    expect(response.headers['content-type']).toBe(CONTENT_TYPE);
    expect(response.text).toBeFalsy();
  });

  it.each(['post', 'put', 'patch', 'delete', 'options'] as const)(
    'refuses %s and names what is allowed',
    async (method) => {
      const { metrics, app } = setup();
      app.use(createMetricsRouter({ registry: metrics.registry }));
      const response = await request(app)[method]('/metrics').expect(405);
      expect(response.headers.allow).toBe('GET, HEAD');
    },
  );

  it('leaves every other path to the application', async () => {
    const { metrics, app } = setup();
    app.use(createMetricsRouter({ registry: metrics.registry, path: '/internal/metrics' }));
    app.get('/metrics', (_req, res) => void res.json({ mine: true }));
    await request(app).get('/metrics').expect(200, { mine: true });
    await request(app).get('/internal/metrics').expect(200);
  });

  it('lets in whom the guard lets in and nobody else (SEC-20)', async () => {
    const { metrics, app } = setup();
    let collected = 0;
    metrics.gauge({
      name: 'secret_things',
      help: 'Things.',
      collect() {
        collected += 1;
      },
    });
    const router = createMetricsRouter({
      registry: metrics.registry,
      guard(req, res, next) {
        if (req.headers.authorization === 'Bearer scraper') next();
        else res.writeHead(401).end();
      },
    });
    app.use(router);
    await request(app).get('/metrics').expect(401, '');
    expect(collected).toBe(0);
    await request(app).get('/metrics').set('Authorization', 'Bearer scraper').expect(200);
  });

  it('is not the service’s own error when it refuses with a 503 (MET-04)', async () => {
    const { metrics, app } = setup();
    app.use(
      createMetricsRouter({
        registry: metrics.registry,
        guard(_req, res) {
          res.writeHead(503).end();
        },
      }),
    );
    await request(app).get('/metrics').expect(503);
    const text = await metrics.render();
    expect(valueOf(text, 'errors_total')).toBe(0);
    expect(valueOf(text, 'http_requests_total{method="GET",endpoint="/metrics",status="503"}')).toBe(1);
  });

  it('answers 200 with everything else although one collector throws and one never ends', async () => {
    const { metrics, app } = setup();
    metrics.gauge({
      name: 'throwing',
      help: 'Throws.',
      collect() {
        throw new Error('no disk');
      },
    });
    metrics.gauge({ name: 'hanging', help: 'Hangs.', collect: () => new Promise<void>(() => undefined) });
    app.use(createMetricsRouter({ registry: metrics.registry, collectTimeoutMs: 1 }));
    const { text } = await request(app).get('/metrics').expect(200);
    expect(text).toContain('app_build_info{service="orders"');
    expect(text).not.toMatch(/^(throwing|hanging)/m);
    expect(valueOf(text, 'metrics_collector_errors_total{metric="throwing"}')).toBe(1);
    expect(valueOf(text, 'metrics_collector_errors_total{metric="hanging"}')).toBe(1);
  });
});

it('collects once for scrapers that come at the same time', async () => {
  const metrics = createMetrics({ defaultMetrics: false });
  let runs = 0;
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  metrics.gauge({
    name: 'slow_thing',
    help: 'Slow.',
    async collect() {
      runs += 1;
      await gate;
    },
  });
  const app = express();
  let arrived = 0;
  app.use((_req, _res, next) => {
    next();
    if ((arrived += 1) === 5) release();
  });
  app.use(createMetricsRouter({ registry: metrics.registry }));
  const server = app.listen(0);
  const answers = await Promise.all(Array.from({ length: 5 }, () => request(server).get('/metrics')));
  server.close();
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
  expect(runs).toBe(1);
});

const promtool = requireTool('promtool');

it.skipIf(!promtool.isInstalled)('passes promtool check metrics (MET-01)', async () => {
  const metrics = createMetrics();
  const app = express();
  app.use(httpMetrics({ registry: metrics.registry }), createMetricsRouter({ registry: metrics.registry }));
  app.get('/users/:id', (_req, res) => void res.json({}));
  const server = app.listen(0);
  observeConnections({ registry: metrics.registry, server });
  metrics
    .counter({ name: 'odd_total', help: 'Odd "help" \\ with\nlines.', labelNames: ['odd'] })
    .inc({ odd: '"\\\n{}' });
  await request(server).get('/users/1');
  await sleep(20);
  const { text } = await request(server).get('/metrics');
  server.close();
  expect(promtool.exec(['check', 'metrics'], text)).toBe('');
});

it.each([
  ['no registry', {}, 'metricsRouter.registry is required'],
  ['a path with a pattern', { registry: createMetrics().registry, path: '/:any' }, 'metricsRouter.path must be a path'],
  [
    'a guard that is a string',
    { registry: createMetrics().registry, guard: 'token' },
    'metricsRouter.guard must be a function',
  ],
])('refuses %s by name', (_what, options, message) => {
  expect(() => createMetricsRouter(options as never)).toThrow(message);
});
