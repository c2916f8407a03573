import type { Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHttpServer } from 'express-runbook';
import { testApp, type TestApp } from 'express-runbook/testing';
import { listening, parsedAnswer, rawExchange } from '../support/raw-exchange.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

interface Hostile {
  readonly what: string;
  readonly bytes: string;
  readonly status: number | readonly number[];
}

const head = (start: string, ...headers: string[]): string =>
  [start, 'Host: x', 'Connection: close', ...headers, '', ''].join('\r\n');
const path = (target: string): string => head(`GET ${target} HTTP/1.1`);
const header = (...lines: string[]): string => head('GET /open HTTP/1.1', ...lines);

/** The numbers are those of the corpus of hostile inputs. Node answers these itself; nobody else hears of them. */
const REFUSED_BY_NODE: readonly Hostile[] = [
  { what: '1 a NUL in a header', bytes: header('X-A: a\0b'), status: 400 },
  { what: '1 an escape in a header', bytes: header('X-A: \u001b[2J'), status: 400 },
  { what: '2 a folded header', bytes: header('X-A: a\r\n b'), status: 400 },
  { what: '9 a header of 17 kB', bytes: header(`X-A: ${'a'.repeat(17_000)}`), status: 431 },
  { what: '13 no Host', bytes: 'GET /open HTTP/1.1\r\n\r\n', status: 400 },
  { what: '18 a length and chunks', bytes: header('Content-Length: 3', 'Transfer-Encoding: chunked'), status: 400 },
  { what: '19 two lengths', bytes: header('Content-Length: 3', 'Content-Length: 4'), status: 400 },
  { what: '19 a negative length', bytes: header('Content-Length: -1'), status: 400 },
  { what: '19 a length beyond all numbers', bytes: header(`Content-Length: ${'9'.repeat(40)}`), status: 400 },
  { what: '21 chunks inside of identity', bytes: header('Transfer-Encoding: chunked, identity'), status: 400 },
  { what: '28 a header without colon', bytes: header('no colon'), status: 400 },
  { what: '28 a blank before the colon', bytes: header('X-A : 1'), status: 400 },
  { what: '28 a header without name', bytes: header(': 1'), status: 400 },
  { what: '29 a TLS hello', bytes: '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', status: 400 },
  { what: '29 an HTTP/2 preface', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: 400 },
  { what: '81 an unknown method', bytes: path('/open').replace('GET', 'WHAT'), status: 400 },
  { what: '81 a method in lower case', bytes: path('/open').replace('GET', 'get'), status: 400 },
  { what: '84 a path of 40 kB', bytes: path(`/${'a'.repeat(40_000)}`), status: 431 },
  { what: '85 raw UTF-8 and an escape in the path', bytes: path('/\u00e2\u0080\u00a8\u001b[2J'), status: 400 },
  { what: '85 a blank in the path', bytes: path('/a b'), status: 400 },
  { what: '92 HTTP/9.9', bytes: path('/open').replace('1.1', '9.9'), status: 400 },
];

/** These reach the app, whose answer is an ordinary one and whose log has one line for each. */
const ANSWERED: readonly Hostile[] = [
  { what: '4 a C1 control in a header', bytes: header('X-A: \u009b2J', 'User-Agent: \u009b2J'), status: 200 },
  { what: '8 a header of 15 kB', bytes: header(`X-A: ${'a'.repeat(15_000)}`), status: 200 },
  { what: '10 900 headers', bytes: header(...Array.from({ length: 900 }, (_, n) => `X-${n}: 1`)), status: 200 },
  { what: '12 headers named like prototypes', bytes: header('__proto__: 1', 'constructor: 2'), status: 200 },
  { what: '14 two Hosts', bytes: header('Host: evil'), status: 200 },
  { what: '15 markup in Host', bytes: path('/open').replace('Host: x', 'Host: a"><script>'), status: 200 },
  { what: '25 an expectation of its own', bytes: header('Expect: 200-maybe'), status: 417 },
  { what: '31 500 hops', bytes: header(`X-Forwarded-For: ${'1.1.1.1, '.repeat(500)}1.1.1.1`), status: 200 },
  { what: '32 a hop that is markup', bytes: header('X-Forwarded-For: <script>'), status: 200 },
  { what: '38 another method in a header', bytes: header('X-HTTP-Method-Override: DELETE'), status: 200 },
  { what: '39 a thousand ranges', bytes: header(`Range: bytes=${'0-,'.repeat(1000)}`), status: 200 },
  { what: '66 an encoded line break', bytes: path('/%0d%0a{"level":"fatal"}'), status: 404 },
  { what: '67 an encoded escape', bytes: path('/%1b[2J'), status: 404 },
  { what: '68 an encoded C1 control', bytes: path('/%c2%9b2J'), status: 404 },
  { what: '69 an encoded line separator', bytes: path('/%e2%80%a8%e2%80%ae'), status: 404 },
  { what: '70 an encoded NUL', bytes: path('/%00'), status: 404 },
  { what: '71 half of a character', bytes: path('/items/%E0%A4%A'), status: 400 },
  { what: '72 a lonely percent sign', bytes: path('/items/%'), status: 400 },
  { what: '73 a path that climbs', bytes: path('/../../etc/passwd'), status: 404 },
  { what: '74 an encoded path that climbs', bytes: path('/..%2f..%2f'), status: 404 },
  { what: '76 another host by two slashes', bytes: path('//evil.example/%2f..'), status: 404 },
  { what: '77 another host in absolute form', bytes: path('http://evil.example/x'), status: 404 },
  { what: '78 OPTIONS *', bytes: head('OPTIONS * HTTP/1.1'), status: [200, 404] },
  { what: '79 TRACE', bytes: head('TRACE /open HTTP/1.1', 'X-Secret: canary'), status: [404, 405] },
  { what: '82 PROPFIND', bytes: head('PROPFIND /open HTTP/1.1'), status: 404 },
  { what: '83 a path of 15 kB', bytes: path(`/${'a'.repeat(15_000)}`), status: 404 },
  {
    what: '86 a query that wants the prototype',
    bytes: path('/open?__proto__[x]=1&constructor[prototype][y]=1'),
    status: 200,
  },
  { what: '88 3 000 keys', bytes: path(`/open?${'a=1&'.repeat(3000)}`), status: 200 },
  { what: '92 HTTP/1.0 without Host', bytes: 'GET /open HTTP/1.0\r\n\r\n', status: 200 },
];

describe.each(EXPRESS_MAJORS)('hostile requests to a service on %s', (_label, create) => {
  let service: TestApp;
  let server: Server;
  let port: number;

  beforeAll(async () => {
    service = testApp(
      (app) => {
        app.get('/open', (req, res) => {
          res.json({ ip: req.ip, hostname: req.hostname });
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

  it.each(REFUSED_BY_NODE)('$what: refused before the app, without a line', async ({ bytes, status }) => {
    expect(parsedAnswer(await rawExchange(port, bytes)).status).toBe(status);
    await service.settled();
    expect(service.logs.lines).toEqual([]);
  });

  it.each(ANSWERED)('$what: an ordinary answer and one request line (S13, S16)', async ({ bytes, status }) => {
    const answer = await rawExchange(port, bytes);
    const { status: answered, headers, body } = parsedAnswer(answer);
    expect([status].flat()).toContain(answered);
    expect(headers).not.toHaveProperty('location');
    expect(body).not.toMatch(/canary|node_modules|at .*\.[jt]s:\d/);
    await service.settled();
    // Node answers an expectation that it does not know itself.
    const isOurs = answered !== 417;
    expect('x-request-id' in headers).toBe(isOurs);
    const ends = service.logs.filter({ msg: 'Request completed' });
    expect(ends).toHaveLength(isOurs ? 1 : 0);
    for (const line of ends) {
      expect(line).toMatchObject({ statusCode: answered, requestId: headers['x-request-id'] });
      expect(String(line.url).length).toBeLessThanOrEqual(520);
      // A path that a client made up is no route.
      if (answered === 404) expect(line.route).toBeUndefined();
    }
    // eslint-disable-next-line no-control-regex -- what a terminal obeys or a reader takes for a line break
    expect(service.logs.text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('30 three pipelined requests: three answers in their order, three lines', async () => {
    const [one, two, three] = ['/items/1', '/items/2', '/items/3'].map(path);
    const keep = (bytes = ''): string => bytes.replace('Connection: close\r\n', '');
    const answer = await rawExchange(port, keep(one) + keep(two) + String(three));
    expect([...answer.matchAll(/"id":"(\d)"/g)].map(([, id]) => id)).toEqual(['1', '2', '3']);
    await service.settled();
    expect(service.logs.filter({ msg: 'Request completed' }).map(({ url }) => url)).toEqual([
      '/items/1',
      '/items/2',
      '/items/3',
    ]);
  });

  it('leave no label behind that a client chose', async () => {
    const text = await service.metrics.text();
    expect(text).not.toMatch(/evil|passwd|%0d|aaaa|script/);
    expect(text).not.toContain('PROPFIND');
  });
});
