import type { Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHttpServer } from 'express-runbook';
import { testApp, type TestApp } from 'express-runbook/testing';
import { listening, parsedAnswer, rawExchange } from '../support/raw-exchange.js';
import { ANSWERED, BROKEN_OFF, path, PIPELINED, REFUSED_BY_NODE } from '../corpus/requests.js';
import { fromExample } from '../support/example-sources.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

it('the corpus has every request from 1 to 41 and from 66 to 92', () => {
  const numbers = new Set([...REFUSED_BY_NODE, ...ANSWERED, ...BROKEN_OFF, PIPELINED].map(({ id }) => id));
  const wanted = Array.from({ length: 92 }, (_, index) => index + 1).filter((id) => id <= 41 || id >= 66);
  expect(wanted.filter((id) => !numbers.has(id))).toEqual([]);
});

describe.each(EXPRESS_MAJORS)('hostile requests to a service on %s', (_label, create) => {
  let service: TestApp;
  let server: Server;
  let port: number;

  beforeAll(async () => {
    const { pageSchema } = (await fromExample('pagination.ts')) as { pageSchema: { parse(query: unknown): unknown } };
    service = testApp(
      (app) => {
        app.get('/open', (req, res) => {
          res.json({ ip: req.ip, hostname: req.hostname });
        });
        app.get('/list', (req, res) => {
          res.json(pageSchema.parse(req.query));
        });
        app.get('/items/:id', (req, res) => {
          res.json(req.params);
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

  it.each(REFUSED_BY_NODE)('$id $what: refused before the app, without a line', async ({ bytes, status }) => {
    expect([status].flat()).toContain(parsedAnswer(await rawExchange(port, bytes)).status);
    await service.settled();
    expect(service.logs.lines).toEqual([]);
  });

  it.each(ANSWERED)('$id $what: an ordinary answer and one request line (S13, S16)', async ({ bytes, status }) => {
    const answer = await rawExchange(port, bytes);
    // The go-ahead is not the answer.
    const { status: answered, headers, body } = parsedAnswer(answer.replace('HTTP/1.1 100 Continue\r\n\r\n', ''));
    expect([status].flat()).toContain(answered);
    expect(headers).not.toHaveProperty('location');
    expect(body).not.toMatch(/canary|node_modules|at .*\.[jt]s:\d/);
    // Nobody is trusted to say where a request came from.
    if (answered === 200 && body.includes('"ip"')) expect(JSON.parse(body)).toMatchObject({ ip: '127.0.0.1' });
    await service.settled();
    // Node itself answers an expectation that it does not know, and what it finds too large.
    const isOurs = answered !== 417 && answered !== 431;
    expect('x-request-id' in headers).toBe(isOurs);
    const ends = service.logs.filter({ msg: /^Request (completed|aborted)$/ });
    expect(ends).toHaveLength(isOurs ? 1 : 0);
    for (const line of ends) {
      expect(line.requestId).toBe(headers['x-request-id']);
      // Node 24 breaks a connection off by itself whose coding it does not know, while the answer is on its way.
      if (line.msg === 'Request completed') expect(line.statusCode).toBe(answered);
      expect(String(line.url).length).toBeLessThanOrEqual(520);
      // A path that a client made up is no route.
      if (answered === 404) expect(line.route).toBeUndefined();
    }
    // eslint-disable-next-line no-control-regex -- what a terminal obeys or a reader takes for a line break
    expect(service.logs.text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it.each(BROKEN_OFF)('$id $what: no 5xx, and the next request is answered', async ({ bytes }) => {
    const answer = await rawExchange(port, bytes);
    if (answer !== '') expect(parsedAnswer(answer).status).toBeLessThan(500);
    expect(parsedAnswer(await rawExchange(port, path('/open'))).status).toBe(200);
  });

  it('30 three pipelined requests: three answers in their order, three lines', async () => {
    const [one, two, three] = PIPELINED.paths.map(path);
    const keep = (bytes = ''): string => bytes.replace('Connection: close\r\n', '');
    const answer = await rawExchange(port, keep(one) + keep(two) + String(three));
    expect([...answer.matchAll(/"id":"(\d)"/g)].map(([, id]) => id)).toEqual(['1', '2', '3']);
    await service.settled();
    expect(service.logs.filter({ msg: 'Request completed' }).map(({ url }) => url)).toEqual(PIPELINED.paths);
  });

  it('leave no label behind that a client chose', async () => {
    const text = await service.metrics.text();
    expect(text).not.toMatch(/evil|passwd|%0d|aaaa|script/);
    expect(text).not.toContain('PROPFIND');
  });
});
