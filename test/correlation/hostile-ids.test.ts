import type { Server } from 'node:http';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHttpServer } from 'express-runbook';
import { testApp, type TestApp } from 'express-runbook/testing';
import { REPLACED, SPLITTING, TAKEN, TRACES } from '../corpus/ids.js';
import { listening, parsedAnswer, rawExchange } from '../support/raw-exchange.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it('the corpus has every id from 42 to 65', () => {
  const numbers = new Set([...REPLACED, ...TAKEN].map(([input]) => input));
  for (const { input } of [...TRACES, SPLITTING]) numbers.add(input);
  for (let input = 42; input <= 65; input++) expect(numbers, String(input)).toContain(input);
});

describe.each(EXPRESS_MAJORS)('ids from a hostile client on %s', (_label, create) => {
  let service: TestApp;
  let server: Server;
  let port: number;

  beforeAll(async () => {
    service = testApp(
      (app, { logger }) => {
        app.get('/broken', () => {
          logger.info('Own line');
          throw new Error('on purpose');
        });
      },
      { app: create(), rateLimit: false },
    );
    server = createHttpServer(service.app);
    port = await listening(server);
  });
  beforeEach(() => service.logs.clear());
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await service.close();
  });

  const sent = (...headers: string[]) =>
    rawExchange(port, ['GET /broken HTTP/1.1', 'Host: x', 'Connection: close', ...headers, '', ''].join('\r\n'));

  /** The id of the request, which must be the same wherever it is told. */
  async function toldId(...headers: string[]): Promise<string> {
    const answer = parsedAnswer(await sent(...headers));
    await service.settled();
    expect(answer.status).toBe(500);
    const id = answer.headers['x-request-id'] ?? '';
    expect((JSON.parse(answer.body) as { requestId: string }).requestId).toBe(id);
    expect(service.logs.lines.map(({ msg }) => msg)).toEqual(['Own line', 'Error occurred', 'Request completed']);
    for (const line of service.logs.lines) expect(line).toMatchObject({ requestId: id });
    return id;
  }

  it.each(REPLACED)('are replaced and counted: %i %s (COR-05, S13)', async (_input, _what, id) => {
    const counted = () => service.metrics.value('correlation_ids_rejected_total', { header: 'request_id' });
    const before = (await counted()) ?? Number.NaN;
    expect(await toldId(`X-Request-ID: ${id}`)).toMatch(UUID);
    expect(await counted()).toBe(before + 1);
    // eslint-disable-next-line no-control-regex -- what must not reach a terminal
    expect(service.logs.text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it.each(TAKEN)('are taken when they are harmless: %i %s (COR-04, COR-05)', async (_input, _what, id) => {
    expect(await toldId(`X-Request-ID: ${id}`)).toBe(id);
  });

  it.each(TRACES)('of traces are refused and counted: $input $what (S13)', async ({ headers, refused }) => {
    const counted = () => service.metrics.value('correlation_ids_rejected_total', { header: refused });
    const before = (await counted()) ?? Number.NaN;
    expect(await toldId(...headers)).toMatch(UUID);
    expect(await counted()).toBe(before + 1);
    const isContinued = refused === 'tracestate';
    for (const line of service.logs.lines) expect('trace_id' in line).toBe(isContinued);
  });

  it('become one fresh id when there are 200 of them (11)', async () => {
    expect(await toldId(...Array.from({ length: 200 }, (_, index) => `X-Request-ID: id-${index}`))).toMatch(UUID);
  });

  it('do not come out of the names of a prototype (12)', async () => {
    expect(await toldId('__proto__: x', 'constructor: y', 'X-Request-ID: fine')).toBe('fine');
    expect(({} as Record<string, unknown>).requestId).toBeUndefined();
  });

  it('are not taken from trailers (24)', async () => {
    const trailers = '0\r\nX-Request-ID: trailer\r\n\r\n';
    const head = 'GET /broken HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTrailer: X-Request-ID\r\n';
    const answer = parsedAnswer(await rawExchange(port, `${head}Transfer-Encoding: chunked\r\n\r\n${trailers}`));
    expect(answer.headers['x-request-id']).toMatch(UUID);
  });

  it.each([
    ['a NUL', 'a\0b'],
    ['an escape', 'a\u001b[2J'],
    ['a DEL', 'a\u007f'],
    ['a bare line feed', 'a\nX-Injected: 1'],
    ['a bare carriage return', 'a\rb'],
    ['a folded line', 'a\r\n b'],
  ])('are refused by Node itself, before Express: %s (1, 2)', async (_what, id) => {
    const { status, headers } = parsedAnswer(await sent(`X-Request-ID: ${id}`));
    expect(status).toBe(400);
    expect(headers).not.toHaveProperty('x-injected');
  });

  it('cannot split the answer (48)', async () => {
    const { headers } = parsedAnswer(await sent(SPLITTING.header));
    expect(headers['x-request-id']).toBe('abc');
    expect(headers).not.toHaveProperty('x-injected');
  });

  it('are counted apart by header, from 0 on, and by nothing that a client chooses', async () => {
    const fresh = testApp(() => undefined, { app: create(), rateLimit: false });
    await request(fresh.app).get('/').set({ 'X-Correlation-ID': '<a>', traceparent: '<b>', 'X-Request-ID': '<c>' });
    const text = await fresh.metrics.text();
    await fresh.close();
    const series = text.split('\n').filter((line) => line.startsWith('correlation_ids_rejected_total{'));
    expect(series.map((line) => /header="(\w+)"/.exec(line)?.[1]).sort()).toEqual([
      'correlation_id',
      'request_id',
      'traceparent',
      'tracestate',
    ]);
    expect(series.find((line) => line.includes('tracestate'))).toMatch(/ 0$/);
    expect(series.find((line) => line.includes('correlation_id"'))).toMatch(/ 1$/);
  });
});

describe.each(EXPRESS_MAJORS)('both ids on %s', (_label, create) => {
  it('return on every answer: 200, 404, 429, 500, health and metrics (COR-03, T-01)', async () => {
    const { app, close } = testApp(
      (app) => {
        app.get('/orders', (_req, res) => {
          res.json([]);
        });
        app.get('/broken', () => {
          throw new Error('on purpose');
        });
      },
      { app: create(), env: { RATE_LIMIT_MAX: '3' } },
    );
    const expected: readonly (readonly [path: string, status: number])[] = [
      ['/orders', 200],
      ['/nowhere', 404],
      ['/broken', 500],
      ['/orders', 429],
      ['/health', 200],
      ['/health/ready', 200],
      ['/metrics', 200],
    ];
    for (const [path, status] of expected) {
      const ids = { 'x-request-id': `r-${status}`, 'x-correlation-id': 'my-trace-123' };
      const { status: answered, headers } = await request(app).get(path).set(ids);
      expect([path, answered]).toEqual([path, status]);
      expect(headers).toMatchObject(ids);
    }
    await close();
  });
});
