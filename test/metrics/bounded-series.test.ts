import { createServer } from 'node:http';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Counter, Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createMetrics, createMetricsRouter, httpMetrics } from 'express-runbook';
import { requireTool } from '../support/real-tools.js';
import { EXPRESS_MAJORS } from '../support/serve.js';
import { seriesOf, valueOf } from './exposition-value.js';

describe('a metric with labels', () => {
  it('keeps as many series as it may, puts the rest into one, and counts what went there (S32)', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const orders = metrics.counter({
      name: 'orders_total',
      help: 'Orders.',
      labelNames: ['who', 'what'],
      maxSeries: 2,
    });
    expect(valueOf(await metrics.render(), 'metric_series_dropped_total{metric="orders_total"}')).toBe(0);
    for (const who of ['ann', 'bob', 'cy', 'dan', 'ann']) orders.inc({ who, what: 'book' });
    const text = await metrics.render();
    expect(seriesOf(text, 'orders_total')).toEqual([
      'orders_total{who="ann",what="book"} 2',
      'orders_total{who="bob",what="book"} 1',
      'orders_total{who="__other__",what="__other__"} 2',
    ]);
    expect(valueOf(text, 'metric_series_dropped_total{metric="orders_total"}')).toBe(2);
  });

  it('has a thousand series when nothing is said, whatever its kind and way of counting (S32)', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const spec = { help: 'x', labelNames: ['id'] } as const;
    const gauge = metrics.gauge({ name: 'things', ...spec });
    const histogram = metrics.histogram({ name: 'waits_seconds', buckets: [1], ...spec });
    for (let id = 0; id < 1500; id++) {
      gauge.labels(String(id)).set(1);
      histogram.labels({ id: String(id) }).observe(1);
    }
    const text = await metrics.render();
    expect(seriesOf(text, 'things{')).toHaveLength(1001);
    expect(seriesOf(text, 'waits_seconds_count{')).toHaveLength(1001);
    expect(valueOf(text, 'waits_seconds_count{id="__other__"}')).toBe(500);
    expect(valueOf(text, 'metric_series_dropped_total{metric="waits_seconds"}')).toBe(500);
    expect(valueOf(text, 'metric_series_dropped_total{metric="things"}')).toBe(500);
  });

  it('makes room when a series is removed, or all are', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const gauge = metrics.gauge({ name: 'things', help: 'x', labelNames: ['id'], maxSeries: 1 });
    gauge.set({ id: 'a' }, 1);
    gauge.remove({ id: 'a' });
    gauge.set({ id: 'b' }, 2);
    expect(seriesOf(await metrics.render(), 'things{')).toEqual(['things{id="b"} 2']);
    gauge.reset();
    gauge.set({ id: 'c' }, 3);
    expect(seriesOf(await metrics.render(), 'things{')).toEqual(['things{id="c"} 3']);
  });

  it.each([
    ['an array with a quotation mark', ['a"b'], 'a\\"b'],
    ['a number', 7, '7'],
    ['nothing', undefined, 'unknown'],
    ['null', null, 'unknown'],
    ['an object without a text', Object.create(null), 'unknown'],
    ['300 characters', 'x'.repeat(300), 'x'.repeat(128)],
    ['a new line', 'a\nb', 'a\\nb'],
  ])('turns %s into a label that can be read (S32)', async (_what, value, shown) => {
    const metrics = createMetrics({ defaultMetrics: false });
    metrics.counter({ name: 'odd_total', help: 'x', labelNames: ['odd'] }).inc({ odd: value as string });
    expect(seriesOf(await metrics.render(), 'odd_total')).toEqual([`odd_total{odd="${shown}"} 1`]);
  });

  it('never throws at who counts: values it cannot take and labels it does not have are counted as errors or left out', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const counter = metrics.counter({ name: 'c_total', help: 'x', labelNames: ['a'] });
    const gauge = metrics.gauge({ name: 'g', help: 'x' });
    const histogram = metrics.histogram({ name: 'h', help: 'x', buckets: [1] });
    counter.inc({ a: 'x' }, NaN);
    counter.inc({ a: 'x' }, -1);
    counter.inc({ a: 'x', b: 'not a label' } as never);
    gauge.set('7' as never);
    histogram.observe(Infinity);
    const text = await metrics.render();
    expect(valueOf(text, 'c_total{a="x"}')).toBe(1);
    expect(valueOf(text, 'metrics_observation_errors_total{metric="c_total"}')).toBe(2);
    expect(valueOf(text, 'metrics_observation_errors_total{metric="g"}')).toBe(1);
    expect(valueOf(text, 'metrics_observation_errors_total{metric="h"}')).toBe(1);
  });
});

const promtool = requireTool('promtool');

it.skipIf(!promtool.isInstalled)(
  'shows metrics of your own making so that promtool can read them, whatever their labels hold (MET-43)',
  async () => {
    const registry = new Registry();
    const mine = new Counter({
      name: 'mine_total',
      help: 'Mine, "quoted" \\ and\nbroken.',
      labelNames: ['a'],
      registers: [registry],
    });
    mine.inc({ a: ['a"b'] as never });
    mine.inc({ a: undefined });
    const text = await createMetrics({ registry, defaultMetrics: false }).render();
    expect(text).toContain('mine_total{a="a\\"b"} 1');
    expect(promtool.exec(['check', 'metrics'], text)).toBe('');
  },
);

it('adds at most two series for 100,000 random paths and methods (S31)', async () => {
  const metrics = createMetrics({ defaultMetrics: false });
  const middleware = httpMetrics({ registry: metrics.registry });
  const random = (): string => Math.random().toString(36).slice(2);
  for (let n = 0; n < 100_000; n++) {
    const req = new IncomingMessage(new Socket());
    Object.assign(req, {
      method: n % 2 === 0 ? 'GET' : random().toUpperCase(),
      url: `/${random()}/${random()}`,
      socket: undefined,
    });
    const res = new ServerResponse(req);
    res.statusCode = 404;
    middleware(req, res, () => undefined);
    res.emit('close');
  }
  const text = await metrics.render();
  const series = seriesOf(text, 'http_requests_total{');
  expect(series).toHaveLength(2);
  expect(series.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)).toBe(100_000);
  expect(valueOf(text, 'http_requests_in_flight')).toBe(0);
});

describe.each(EXPRESS_MAJORS)('parameters in a mount, on %s', (_label, create) => {
  const words = ['acme', 'globex', 'initech', 'umbrella', 'hooli', 'stark', 'wayne', 'tyrell'];

  async function endpointsAfter(
    mount: (app: ReturnType<typeof create>, metrics: ReturnType<typeof createMetrics>) => void,
  ) {
    const metrics = createMetrics({ defaultMetrics: false });
    const app = create();
    app.use(httpMetrics({ registry: metrics.registry }));
    mount(app, metrics);
    const server = createServer(app).listen(0);
    for (const word of words) await request(server).get(`/orgs/${word}/items/1`).expect(200);
    server.close();
    const lines = seriesOf(await metrics.render(), 'http_requests_total{');
    return lines.map((line) => /endpoint="([^"]*)"/.exec(line)?.[1]);
  }

  it('have their name where Express tells it: with mergeParams, and of a mounted app (S31)', async () => {
    const merged = await endpointsAfter((app) => {
      const router = create.Router({ mergeParams: true });
      router.get('/items/:id', (_req, res) => void res.json({}));
      app.use('/orgs/:org', router);
    });
    const mounted = await endpointsAfter((app) => {
      const other = create();
      other.get('/items/:id', (_req, res) => void res.json({}));
      app.use('/orgs/:org', other);
    });
    expect(merged).toEqual(['/orgs/:org/items/:id']);
    expect(mounted).toEqual(['/orgs/:org/items/:id']);
  });

  it('are found out after four values where Express does not (S31)', async () => {
    const endpoints = await endpointsAfter((app) => {
      const router = create.Router();
      router.get('/items/:id', (_req, res) => void res.json({}));
      app.use('/orgs/:org', router);
    });
    expect(endpoints).toEqual([
      ...words.slice(0, 4).map((word) => `/orgs/${word}/items/:id`),
      '/orgs/:param/items/:id',
    ]);
  });

  it('are not suspected in the few places where one router is mounted', async () => {
    const endpoints = await endpointsAfter((app) => {
      const router = create.Router();
      router.get('/items/:id', (_req, res) => void res.json({}));
      for (const word of words)
        app.use(
          `/orgs/${word}`,
          create.Router().get('/items/:id', (_req, res) => void res.json({})),
        );
    });
    expect(endpoints).toHaveLength(words.length);
  });
});

it('counts a scrape of metrics while it is under way', async () => {
  const metrics = createMetrics({ defaultMetrics: false });
  const app = EXPRESS_MAJORS[0]![1]();
  app.use(httpMetrics({ registry: metrics.registry }), createMetricsRouter({ registry: metrics.registry }));
  const { text } = await request(app).get('/metrics');
  expect(valueOf(text, 'http_requests_in_flight')).toBe(1);
});
