/** A request that nobody sends by mistake: inputs 1 to 41 (headers, framing) and 66 to 92 (request line, URL) of the corpus. */
export interface HostileRequest {
  readonly id: number;
  readonly what: string;
  /** Each character one byte. */
  readonly bytes: string;
  /** What is answered; one of these where versions differ. */
  readonly status: number | readonly number[];
}

const head = (start: string, ...headers: string[]): string =>
  [start, 'Host: x', 'Connection: close', ...headers, '', ''].join('\r\n');
export const path = (target: string): string => head(`GET ${target} HTTP/1.1`);
const header = (...lines: string[]): string => head('GET /open HTTP/1.1', ...lines);

/** Node answers these itself; nobody else hears of them. */
export const REFUSED_BY_NODE: readonly HostileRequest[] = [
  { id: 1, what: 'a NUL in a header', bytes: header('X-A: a\0b'), status: 400 },
  { id: 1, what: 'an escape in a header', bytes: header('X-A: \u001b[2J'), status: 400 },
  { id: 2, what: 'a folded header', bytes: header('X-A: a\r\n b'), status: 400 },
  { id: 9, what: 'a header of 17 kB', bytes: header(`X-A: ${'a'.repeat(17_000)}`), status: 431 },
  { id: 13, what: 'no Host', bytes: 'GET /open HTTP/1.1\r\n\r\n', status: 400 },
  {
    id: 18,
    what: 'a length and chunks',
    bytes: header('Content-Length: 3', 'Transfer-Encoding: chunked'),
    status: 400,
  },
  { id: 19, what: 'two lengths', bytes: header('Content-Length: 3', 'Content-Length: 4'), status: 400 },
  { id: 19, what: 'a negative length', bytes: header('Content-Length: -1'), status: 400 },
  { id: 19, what: 'a length beyond all numbers', bytes: header(`Content-Length: ${'9'.repeat(40)}`), status: 400 },
  { id: 21, what: 'chunks inside of identity', bytes: header('Transfer-Encoding: chunked, identity'), status: 400 },
  { id: 28, what: 'a header without colon', bytes: header('no colon'), status: 400 },
  { id: 28, what: 'a blank before the colon', bytes: header('X-A : 1'), status: 400 },
  { id: 28, what: 'a header without name', bytes: header(': 1'), status: 400 },
  {
    id: 29,
    what: 'a TLS hello',
    bytes: '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    status: 400,
  },
  { id: 29, what: 'an HTTP/2 preface', bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: 400 },
  { id: 81, what: 'an unknown method', bytes: path('/open').replace('GET', 'WHAT'), status: 400 },
  { id: 81, what: 'a method in lower case', bytes: path('/open').replace('GET', 'get'), status: 400 },
  { id: 84, what: 'a path of 40 kB', bytes: path(`/${'a'.repeat(40_000)}`), status: 431 },
  { id: 85, what: 'raw UTF-8 and an escape in the path', bytes: path('/\u00e2\u0080\u00a8\u001b[2J'), status: 400 },
  { id: 85, what: 'a blank in the path', bytes: path('/a b'), status: 400 },
  { id: 92, what: 'HTTP/9.9', bytes: path('/open').replace('1.1', '9.9'), status: 400 },
  { id: 1, what: 'a SOH in a header', bytes: header('X-A: a\u0001b'), status: 400 },
  { id: 1, what: 'a US in a header', bytes: header('X-A: a\u001fb'), status: 400 },
  { id: 1, what: 'a DEL in a header', bytes: header('X-A: a\u007fb'), status: 400 },
  { id: 2, what: 'a bare line feed', bytes: header('X-A: a\nb'), status: 400 },
  { id: 2, what: 'a bare carriage return', bytes: header('X-A: a\rb'), status: 400 },
  { id: 9, what: 'a header of 40 kB', bytes: header(`X-A: ${'a'.repeat(40_000)}`), status: 431 },
  { id: 19, what: 'a length with an exponent', bytes: header('Content-Length: 1e3'), status: 400 },
  { id: 29, what: 'garbage', bytes: '\u0080\u0081\u00fe\u0000\u0001'.repeat(50), status: 400 },
  { id: 29, what: '256 kB without a line break', bytes: 'a'.repeat(256 * 1024), status: [400, 431] },
  { id: 85, what: 'a tab in the path', bytes: path('/a\tb'), status: 400 },
];

/**
 * These reach the app, which has `/open` (200, tells who asks), `/items/:id` and `/list?limit=` (400 unless it is a number):
 * an ordinary answer, one line, nothing that a terminal obeys, no label and no place to go to that the client chose.
 */
export const ANSWERED: readonly HostileRequest[] = [
  { id: 4, what: 'a C1 control in a header', bytes: header('X-A: \u009b2J', 'User-Agent: \u009b2J'), status: 200 },
  { id: 8, what: 'a header of 15 kB', bytes: header(`X-A: ${'a'.repeat(15_000)}`), status: 200 },
  {
    id: 10,
    what: '1 990 headers',
    bytes: header(...Array.from({ length: 1990 }, (_, n) => `X-${n}: 1`)),
    // Node 24 counts what they take with their names and ends.
    status: [200, 431],
  },
  { id: 12, what: 'headers named like prototypes', bytes: header('__proto__: 1', 'constructor: 2'), status: 200 },
  { id: 14, what: 'two Hosts', bytes: header('Host: evil'), status: 200 },
  { id: 15, what: 'markup in Host', bytes: path('/open').replace('Host: x', 'Host: a"><script>'), status: 200 },
  { id: 25, what: 'an expectation of its own', bytes: header('Expect: 200-maybe'), status: 417 },
  { id: 31, what: '500 hops', bytes: header(`X-Forwarded-For: ${'1.1.1.1, '.repeat(500)}1.1.1.1`), status: 200 },
  { id: 32, what: 'a hop that is markup', bytes: header('X-Forwarded-For: <script>'), status: 200 },
  { id: 38, what: 'another method in a header', bytes: header('X-HTTP-Method-Override: DELETE'), status: 200 },
  { id: 39, what: 'a thousand ranges', bytes: header(`Range: bytes=${'0-,'.repeat(1000)}`), status: 200 },
  { id: 66, what: 'an encoded line break', bytes: path('/%0d%0a{"level":"fatal"}'), status: 404 },
  { id: 67, what: 'an encoded escape', bytes: path('/%1b[2J'), status: 404 },
  { id: 68, what: 'an encoded C1 control', bytes: path('/%c2%9b2J'), status: 404 },
  { id: 69, what: 'an encoded line separator', bytes: path('/%e2%80%a8%e2%80%ae'), status: 404 },
  { id: 70, what: 'an encoded NUL', bytes: path('/%00'), status: 404 },
  { id: 71, what: 'half of a character', bytes: path('/items/%E0%A4%A'), status: 400 },
  { id: 72, what: 'a lonely percent sign', bytes: path('/items/%'), status: 400 },
  { id: 73, what: 'a path that climbs', bytes: path('/../../etc/passwd'), status: 404 },
  { id: 74, what: 'an encoded path that climbs', bytes: path('/..%2f..%2f'), status: 404 },
  { id: 76, what: 'another host by two slashes', bytes: path('//evil.example/%2f..'), status: 404 },
  { id: 77, what: 'another host in absolute form', bytes: path('http://evil.example/x'), status: 404 },
  { id: 78, what: 'OPTIONS *', bytes: head('OPTIONS * HTTP/1.1'), status: [200, 404] },
  { id: 79, what: 'TRACE', bytes: head('TRACE /open HTTP/1.1', 'X-Secret: canary'), status: [404, 405] },
  { id: 82, what: 'PROPFIND', bytes: head('PROPFIND /open HTTP/1.1'), status: 404 },
  { id: 83, what: 'a path of 15 kB', bytes: path(`/${'a'.repeat(15_000)}`), status: 404 },
  {
    id: 86,
    what: 'a query that wants the prototype',
    bytes: path('/open?__proto__[x]=1&constructor[prototype][y]=1'),
    status: 200,
  },
  { id: 88, what: '3 000 keys', bytes: path(`/open?${'a=1&'.repeat(3000)}`), status: 200 },
  { id: 92, what: 'HTTP/1.0 without Host', bytes: 'GET /open HTTP/1.0\r\n\r\n', status: 200 },
  { id: 3, what: 'a tab in a header', bytes: header('X-A: a\tb'), status: 200 },
  { id: 5, what: 'a next-line character in a header', bytes: header('User-Agent: a\u0085b'), status: 200 },
  { id: 6, what: 'bytes that are no text in a header', bytes: header('User-Agent: \u00ff\u00fe'), status: 200 },
  { id: 7, what: 'UTF-8 in a header', bytes: header('User-Agent: \u00e2\u0080\u00a8\u00e2\u0080\u00ae'), status: 200 },
  {
    id: 11,
    what: '200 ids',
    bytes: header(...Array.from({ length: 200 }, (_, n) => `X-Request-Id: ${n}`)),
    status: 200,
  },
  { id: 16, what: 'a Host with an account', bytes: path('/open').replace('Host: x', 'Host: good@evil:1'), status: 200 },
  { id: 17, what: 'a Host of 4 kB', bytes: path('/open').replace('Host: x', `Host: ${'a'.repeat(4096)}`), status: 200 },
  { id: 20, what: 'a coding of its own', bytes: header('Transfer-Encoding: xchunked'), status: 200 },
  {
    id: 24,
    what: 'an id among the trailers',
    bytes: `${header('Trailer: X-Request-ID', 'Transfer-Encoding: chunked')}0\r\nX-Request-ID: trailer\r\n\r\n`,
    status: 200,
  },
  { id: 26, what: 'an expectation of a go-ahead', bytes: header('Expect: 100-continue'), status: 200 },
  {
    id: 27,
    what: 'an upgrade that nobody offers',
    bytes: header('Upgrade: websocket').replace('Connection: close', 'Connection: Upgrade, close'),
    status: 200,
  },
  { id: 33, what: 'hops with ports', bytes: header('X-Forwarded-For: 1.2.3.4:5678, [::1]:99'), status: 200 },
  { id: 34, what: 'hops with zones', bytes: header('X-Forwarded-For: fe80::1%eth0, unknown, _hidden'), status: 200 },
  { id: 35, what: 'hops that are empty', bytes: header('X-Forwarded-For: , , ,'), status: 200 },
  {
    id: 36,
    what: 'another host and scheme from a proxy',
    bytes: header('X-Forwarded-Host: evil', 'X-Forwarded-Proto: javascript'),
    status: 200,
  },
  { id: 37, what: 'junk in Forwarded', bytes: header('Forwarded: for="_x;host=evil,,=;by'), status: 200 },
  {
    id: 38,
    what: 'another path in a header',
    bytes: header('X-Original-URL: /admin', 'X-Rewrite-URL: /admin'),
    status: 200,
  },
  { id: 40, what: '10 kB of entity tags', bytes: header(`If-None-Match: ${'"a",'.repeat(2500)}"b"`), status: 200 },
  {
    id: 41,
    what: '1 500 cookies, and one named like a prototype',
    bytes: header(`Cookie: ${'a=1; '.repeat(1500)}__proto__=1`),
    status: 200,
  },
  { id: 75, what: 'a path that climbs by backslashes', bytes: path('/\\..\\..'), status: 404 },
  { id: 82, what: 'MKCOL', bytes: head('MKCOL /open HTTP/1.1'), status: 404 },
  { id: 87, what: 'an index beyond all lists', bytes: path('/open?a[999999999]=1'), status: 200 },
  { id: 89, what: 'a list where a text is expected', bytes: path('/list?limit=1&limit=2'), status: 400 },
  { id: 90, what: 'a limit with an exponent', bytes: path('/list?limit=1e9'), status: 400 },
  { id: 90, what: 'a limit below nothing', bytes: path('/list?limit=-1'), status: 400 },
  { id: 90, what: 'a limit that is no number', bytes: path('/list?limit=NaN'), status: 400 },
  { id: 90, what: 'a limit in base 16', bytes: path('/list?limit=0x10'), status: 400 },
  { id: 90, what: 'a limit with SQL behind it', bytes: path('/list?limit=1;drop'), status: 400 },
  { id: 91, what: 'a place to be sent to', bytes: path('/open?redirect=//evil.example'), status: 200 },
];

/** The body cannot be read. Whether the app was asked before is a matter of timing: never a 5xx, and the service lives. */
export const BROKEN_OFF: readonly Omit<HostileRequest, 'status'>[] = [
  { id: 22, what: 'a chunk with no size', bytes: `${header('Transfer-Encoding: chunked')}zz\r\nabc\r\n` },
  {
    id: 23,
    what: 'an extension of a chunk of 20 kB',
    bytes: `${header('Transfer-Encoding: chunked')}1;${'a'.repeat(20_000)}\r\nx\r\n0\r\n\r\n`,
  },
  { id: 80, what: 'CONNECT', bytes: head('CONNECT evil.example:443 HTTP/1.1') },
  { id: 92, what: 'HTTP/0.9', bytes: 'GET /open\r\n\r\n' },
];

/** Three at once, of which each has its answer, in their order: input 30. */
export const PIPELINED = { id: 30, paths: ['/items/1', '/items/2', '/items/3'] };
