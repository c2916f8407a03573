import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createMetrics, createMetricsRouter, createMetricsServer, type MetricsRouterOptions } from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';
import { valueOf } from './exposition-value.js';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
// As Prometheus 2.42 sends it.
const OF_PROMETHEUS =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

describe('the format', () => {
  const metrics = createMetrics();
  metrics.counter({ name: 'orders_shipped_total', help: 'Orders "handed" over.' }).inc(3);
  metrics.counter({ name: 'oddly_named', help: 'A counter.' }).inc(2);
  metrics.histogram({ name: 'waits_seconds', help: 'Waits.', buckets: [1] }).observe(2);
  metrics.gauge({ name: 'unset_ratio', help: 'x', labelNames: ['a'] }).set({ a: 'nan' }, NaN);
  const app = express().use(createMetricsRouter({ registry: metrics.registry }));

  it.each([
    ['a browser', 'text/html,*/*;q=0.8', TEXT],
    ['curl', '*/*', TEXT],
    ['Prometheus', OF_PROMETHEUS, OPENMETRICS],
    ['an OpenMetrics client', 'application/openmetrics-text', OPENMETRICS],
    ['who likes text more', 'application/openmetrics-text;q=0.2, text/plain', TEXT],
    ['who refuses it', 'application/openmetrics-text;q=0, text/plain;q=0.1', TEXT],
    ['who wants another version', 'application/openmetrics-text;version=2.0.0', TEXT],
  ])('is what %s asks for (MET-01)', async (_who, accept, expected) => {
    const { headers } = await request(app).get('/metrics').set('Accept', accept).expect(200);
    expect(headers['content-type']).toBe(expected);
    expect(headers.vary).toBe('Accept');
  });

  it('has the same names and values in both, so that no query depends on it', async () => {
    const [text, open] = await Promise.all(
      ['*/*', OF_PROMETHEUS].map(
        async (accept) =>
          (await request(app).get('/metrics').set('Accept', accept).buffer(true).parse(asText)).body as string,
      ),
    );
    const names = (body: string) =>
      body
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.replace(/ [^ ]+$/, ''));
    expect(names(open!)).toEqual(names(text!));
    expect(open).toContain('# TYPE orders_shipped counter\norders_shipped_total 3\n');
    expect(open).toContain('# HELP orders_shipped Orders \\"handed\\" over.');
    expect(open).toContain('# TYPE oddly_named unknown\noddly_named 2\n');
    expect(open!.endsWith('# EOF\n')).toBe(true);
    expect(open).not.toMatch(/\n\n/);
    expect(text).toContain('unset_ratio{a="nan"} NaN');
  });
});

/** The body of an answer that supertest takes for data. */
function asText(res: request.Response, done: (error: Error | null, text: string) => void): void {
  let text = '';
  // Typed as the finished answer; while it is read it is the stream.
  const stream = res as unknown as NodeJS.ReadableStream;
  stream.on('data', (part: Buffer) => (text += part.toString()));
  stream.on('end', () => done(null, text));
}

describe.each(EXPRESS_MAJORS)('the guards on %s (SEC-20)', (_label, create) => {
  function guarded(options: Partial<MetricsRouterOptions>, trustProxy = false) {
    const metrics = createMetrics({ defaultMetrics: false });
    const app = create();
    if (trustProxy) app.set('trust proxy', 'loopback');
    return app.use(createMetricsRouter({ registry: metrics.registry, ...options }));
  }

  it('let in who has the token, and tell everybody else how to ask', async () => {
    const app = guarded({ token: 'c0rrect-horse' });
    await request(app).get('/metrics').set('Authorization', 'Bearer c0rrect-horse').expect(200);
    await request(app).get('/metrics').set('Authorization', 'bearer c0rrect-horse').expect(200);
    for (const wrong of ['Bearer c0rrect-hors', 'Bearer', 'Basic c0rrect-horse', '']) {
      await request(app)
        .get('/metrics')
        .set('Authorization', wrong)
        .expect(401, '')
        .expect('WWW-Authenticate', 'Bearer');
    }
  });

  it('let in who comes from a network, IPv4 seen through IPv6 too', async () => {
    await request(guarded({ networks: ['127.0.0.0/8', '::1'] }))
      .get('/metrics')
      .expect(200);
    await request(guarded({ networks: ['10.0.0.0/8'] }))
      .get('/metrics')
      .expect(403, '');
    await request(guarded({ networks: [] }))
      .get('/metrics')
      .expect(403, '');
  });

  it('look at the client behind a trusted proxy, and do not believe others about it', async () => {
    const networks = ['127.0.0.0/8', '::1', '10.1.0.0/16'];
    const from = (app: ReturnType<typeof guarded>, ip: string) =>
      request(app).get('/metrics').set('X-Forwarded-For', ip);
    await from(guarded({ networks }, true), '10.1.2.3').expect(200);
    await from(guarded({ networks }, true), '203.0.113.9').expect(403);
    await from(guarded({ networks: ['10.1.0.0/16'] }), '10.1.2.3').expect(403);
  });

  it('all have to agree', async () => {
    const app = guarded({
      networks: ['127.0.0.0/8', '::1'],
      token: 't',
      guard: (_req, res) => void res.writeHead(418).end(),
    });
    await request(app).get('/metrics').expect(401);
    await request(app).get('/metrics').set('Authorization', 'Bearer t').expect(418);
  });
});

describe('createMetricsServer', () => {
  it('keeps the metrics on a port of their own, with the same answers (SEC-20)', async () => {
    const metrics = createMetrics();
    const server = await createMetricsServer({ registry: metrics.registry, port: 0, host: '127.0.0.1', token: 't' });
    const url = `http://127.0.0.1:${server.port}`;
    await request(url).get('/metrics').expect(401);
    const { text } = await request(url)
      .get('/metrics?x=1')
      .set('Authorization', 'Bearer t')
      .expect(200)
      .expect('Content-Type', TEXT);
    expect(valueOf(text, 'process_heap_bytes')).toBeGreaterThan(0);
    await request(url).head('/metrics').set('Authorization', 'Bearer t').expect(200);
    await request(url).post('/metrics').set('Authorization', 'Bearer t').expect(405);
    await request(url).get('/other').expect(404);
    await server.close();
    await server.close();
    await expect(fetch(url)).rejects.toThrow();
  });

  it('rejects when the port is taken', async () => {
    const { registry } = createMetrics({ defaultMetrics: false });
    const first = await createMetricsServer({ registry, port: 0, host: '127.0.0.1' });
    await expect(createMetricsServer({ registry, port: first.port, host: '127.0.0.1' })).rejects.toThrow('EADDRINUSE');
    await first.close();
  });
});

it.each([
  [
    'a network that is none',
    { networks: ['10.0.0.0/33'] },
    'metricsRouter.networks item 0 must be an address or a CIDR range',
  ],
  ['an empty token', { token: '' }, 'metricsRouter.token must be a string that is not empty'],
  ['a cluster that is none', { cluster: {} }, 'metricsRouter.cluster must have the method collect'],
])('refuses %s by name', (_what, options, message) => {
  expect(() => createMetricsRouter({ registry: createMetrics().registry, ...options } as never)).toThrow(message);
});
