import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express, NextFunction, Request, Response } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpServer, HTTP_SERVER_DEFAULTS } from 'express-runbook';
import { listening, rawExchange } from '../support/raw-exchange.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const folder = mkdtempSync(join(tmpdir(), 'express-behaviour-'));
writeFileSync(join(folder, 'page.txt'), '0123456789');
writeFileSync(join(folder, 'page.view'), 'Hello {{name}}');
writeFileSync(join(folder, '.secret'), 'hidden');
utimesSync(join(folder, 'page.txt'), 1_000_000_000, 1_000_000_000);
afterAll(() => rmSync(folder, { recursive: true }));

type Create = (typeof EXPRESS_MAJORS)[number][1];

/** What Express documents of apps, routers, requests and responses: https://expressjs.com/en/5x/api.html */
function documentedApp(create: Create): Express {
  const app = create();
  app.set('env', 'test');
  app.set('trust proxy', '127.0.0.1, 10.0.0.0/8');
  app.set('json spaces', 1);
  app.set('subdomain offset', 2);
  app.engine('view', (_path, options, done) => done(null, `Hello ${(options as { name?: string }).name ?? 'nobody'}`));
  app.set('views', folder);
  app.locals.title = 'documented';
  addRequests(app);
  addResponses(app, create);
  addRouters(app, create);
  addMounted(app, create);
  app.use((error: Error & { status?: number }, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) next(error);
    else res.status(error.status ?? 500).send(`error: ${error.message}`);
  });
  return app;
}

function addRequests(app: Express): void {
  app.all('/request', (req, res) => {
    res.json({
      address: [req.ip, req.ips, req.protocol, req.secure, req.hostname, req.subdomains],
      url: [req.url, req.originalUrl, req.baseUrl, req.path, req.query, req.method],
      headers: [req.get('referrer'), req.get('Content-Type') ?? null, req.header('x-a') ?? null, req.xhr],
      accepts: [req.accepts('html', 'json'), req.acceptsEncodings('gzip'), req.acceptsCharsets('utf-8')],
      languages: req.acceptsLanguages('de', 'en'),
      is: [req.is('json'), req.is('text/*')],
      range: req.range(100) ?? null,
      fresh: [req.fresh, req.stale],
      raw: [req.rawHeaders, req.httpVersion, req.headersDistinct, req.complete],
      linked: [req.res === res, res.req === req, req.socket === res.socket, req.app === app, res.app === app],
      highWaterMark: res.writableHighWaterMark,
    });
  });
  app.all('/shape', (req, res) => {
    const shape = (one: object): unknown => {
      const inherited: string[] = [];
      for (const name in one) inherited.push(name);
      const symbols = Object.getOwnPropertySymbols(one).map(String);
      return {
        own: Object.getOwnPropertyNames(one),
        symbols,
        inherited,
        maker: one.constructor.name,
        text: Object.prototype.toString.call(one),
      };
    };
    res.json([shape(req), shape(res)]);
  });
  app.post('/body', (req, res, next) => {
    let bytes = 0;
    req
      .on('data', (chunk: Buffer) => (bytes += chunk.length))
      .on('end', () => res.json({ bytes, trailers: req.trailers, isComplete: req.complete }))
      .on('error', next);
  });
}

function addResponses(app: Express, create: Create): void {
  app.use('/static', create.static(folder, { maxAge: 1000 }));
  const answers: Record<string, (res: Response, req: Request) => unknown> = {
    send: (res) => res.send('<p>text</p>'),
    'send-buffer': (res) => res.send(Buffer.from('bytes')),
    'send-status': (res) => res.sendStatus(418),
    json: (res) => res.json({ a: [1, 2] }),
    jsonp: (res) => res.jsonp({ a: 1 }),
    redirect: (res) => res.redirect('/elsewhere?a=ü'),
    'redirect-301': (res) => res.redirect(301, '../up'),
    format: (res) => res.format({ 'text/plain': () => res.send('plain'), json: () => res.json({ is: 'json' }) }),
    file: (res) => res.sendFile('page.txt', { root: folder }),
    'no-file': (res) => res.sendFile('nothing.txt', { root: folder }),
    hidden: (res) => res.sendFile('.secret', { root: folder }),
    download: (res) => res.download(join(folder, 'page.txt'), 'käse.txt'),
    attachment: (res) => res.attachment('a.pdf').end(),
    cookie: (res) => res.cookie('a', { b: 1 }, { httpOnly: true, path: '/x' }).clearCookie('old').end(),
    headers: (res) =>
      res
        .set({ 'X-A': '1' })
        .append('X-B', ['1', '2'])
        .vary('Origin')
        .location('/l')
        .links({ next: '/2' })
        .type('svg')
        .end(),
    render: (res) => res.render('page.view', { name: 'Ada' }),
    locals: (res) => res.json([Object.getPrototypeOf(res.locals) === null, res.app.locals.title]),
    chunks: (res) => (res.write('one '), res.write('two '), res.end('three')),
    'no-content': (res) => res.status(204).send('not sent'),
    trailers: (res) => (res.set('Trailer', 'X-Sum'), res.write('body'), res.addTrailers({ 'X-Sum': '7' }), res.end()),
    hints: (res) => res.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => res.send('after the hints')),
    processing: (res) => (res.writeProcessing(), res.send('after 102')),
    head: (res) => (res.writeHead(299, 'Own Words', ['X-Raw', '1', 'X-Raw', '2']), res.end('raw')),
    flushed: (res) => (res.flushHeaders(), res.end('later')),
    destroyed: (res) => (res.write('half'), setImmediate(() => res.destroy())),
  };
  app.all('/answer/:name', (req, res) => {
    answers[req.params.name]?.(res, req);
  });
}

function addRouters(app: Express, create: Create): void {
  const router = create.Router();
  const inner = create.Router({ mergeParams: true });
  router.param('id', (req, _res, next, id) => {
    (req as { loaded?: string }).loaded = `user ${String(id)}`;
    next();
  });
  router.get(
    '/:id',
    (req, _res, next) => (req.query.skip === undefined ? next() : next('route')),
    (req, res) => {
      res.json([(req as { loaded?: string }).loaded, req.baseUrl, req.route.path, req.params]);
    },
  );
  router.get('/:id', (_req, _res, next) => next('router'));
  router.get('/:id', (_req, res) => res.send('never'));
  inner.get('/orders', (req, res) => res.json([req.params, req.baseUrl, req.originalUrl]));
  app.use('/users', router);
  app.use('/accounts/:account', inner);
  app.get('/users/:id', (_req, res) => res.send('behind the router'));
  app
    .route('/chain')
    .get((_req, res) => res.send('get'))
    .post((_req, res) => res.send('post'));
  app.get('/throws', () => {
    throw Object.assign(new Error('thrown'), { status: 422 });
  });
  app.get('/nexts', (_req, _res, next) => setImmediate(() => next(new Error('passed on'))));
  app.get('/late', (_req, res) => {
    res.write('half');
    throw new Error('too late');
  });
}

function addMounted(app: Express, create: Create): void {
  const child = create();
  const grandchild = create();
  const events: string[] = [];
  child.on('mount', (parent: unknown) => events.push(parent === app ? 'mounted on its parent' : 'wrong parent'));
  child.set('json spaces', 0);
  // An app's own methods hold in it, and not in the app around it.
  child.response.sendStatus = function (this: Response, code: number) {
    return this.status(code).send(`child says ${code}`);
  };
  const told = (one: Express) => (req: Request, res: Response) => {
    res.json({
      mountpath: one.mountpath,
      path: one.path(),
      base: [req.baseUrl, req.path, req.originalUrl],
      owners: [req.app === one, res.app === one],
      trusts: req.ip,
      events,
      locals: res.locals.fromParent,
    });
  };
  app.use((_req, res, next) => {
    res.locals.fromParent = true;
    next();
  });
  child.get('/told', told(child));
  child.get('/status', (_req, res) => res.sendStatus(201));
  child.get('/passes', (_req, _res, next) => next());
  child.get('/fails', (_req, _res, next) => next(new Error('in the child')));
  grandchild.get('/told', told(grandchild));
  child.use('/grand', grandchild);
  app.use(['/child', '/kid'], child);
  app.get('/status', (_req, res) => res.sendStatus(201));
  app.get('/child/passes', (req, res) => res.json([req.app === app, res.app === app, req.baseUrl]));
}

const get = (path: string, ...headers: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: tobi.ferrets.example.com', 'Connection: close', ...headers, '', ''].join('\r\n');
const answer = (name: string, ...headers: string[]): string => get(`/answer/${name}`, ...headers);
const ETAG = 'W/"a-e8d4a51000"';

/** What is sent, byte by byte, and a piece of what must come back, so that an error on both servers is none of the proofs. */
const EXCHANGES: readonly (readonly [what: string, bytes: string, expected: string | RegExp])[] = [
  [
    'req: url, query, headers, links',
    get('/request?a=1&b[c]=2', 'Referer: /from', 'X-A: 1', 'X-Requested-With: XMLHttpRequest'),
    '"/from"',
  ],
  [
    'req.ip behind trusted proxies',
    get(
      '/request',
      'X-Forwarded-For: 1.2.3.4, 10.1.1.1',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: shop.example.com',
    ),
    '"1.2.3.4"',
  ],
  ['req.ip with addresses that are none', get('/request', 'X-Forwarded-For: <script>, unknown'), /200 OK/],
  [
    'req.accepts, charsets, encodings, languages',
    get(
      '/request',
      'Accept: application/json',
      'Accept-Encoding: gzip',
      'Accept-Language: de',
      'Accept-Charset: utf-8',
    ),
    '"gzip"',
  ],
  [
    'req.is and req.range',
    get('/request', 'Content-Type: application/json', 'Content-Length: 2', 'Range: bytes=0-9,20-29') + '{}',
    '"start": 20',
  ],
  ['req.subdomains and a port in Host', get('/request').replace('example.com', 'example.com:8080'), '"tobi"'],
  ['repeated headers', get('/request', 'X-A: 1', 'X-A: 2', 'Cookie: a=1', 'Cookie: b=2'), '"1, 2"'],
  ['names and makers of all properties', get('/shape'), '"IncomingMessage"'],
  [
    'a body with a length',
    `POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello`,
    '"bytes": 5',
  ],
  [
    'a body in chunks with trailers',
    `POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTrailer: X-T\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: end\r\n\r\n`,
    '"x-t": "end"',
  ],
  ['res.send of text', answer('send'), '<p>text</p>'],
  ['res.send of bytes', answer('send-buffer'), 'application/octet-stream'],
  ['res.send to HEAD', answer('send').replace('GET', 'HEAD'), /Content-Length: 11[\s\S]*\r\n\r\n$/],
  ['res.send to OPTIONS', get('/chain').replace('GET', 'OPTIONS'), /Allow: ?GET/i],
  ['res.sendStatus', answer('send-status'), "I'm a Teapot"],
  ['res.json with settings of the app', answer('json'), '"a": ['],
  ['res.jsonp', get('/answer/jsonp?callback=cb'), 'typeof cb'],
  ['res.redirect', answer('redirect', 'Accept: text/html'), 'Location: /elsewhere?a=%C3%BC'],
  ['res.redirect with a status', answer('redirect-301'), 'Moved Permanently'],
  ['res.format, text', answer('format', 'Accept: text/plain'), 'plain'],
  ['res.format, JSON', answer('format', 'Accept: application/json'), '"is": "json"'],
  ['res.format, nothing that fits', answer('format', 'Accept: image/png'), '406'],
  ['res.sendFile', answer('file'), '0123456789'],
  ['res.sendFile of a range', answer('file', 'Range: bytes=2-4'), /206 Partial[\s\S]*\r\n\r\n234$/],
  ['res.sendFile of a range that is not there', answer('file', 'Range: bytes=99-'), '416'],
  ['res.sendFile that is not there', answer('no-file'), 'HTTP/1.1 404'],
  ['res.sendFile of a hidden file', answer('hidden'), 'HTTP/1.1 404'],
  ['res.sendFile to HEAD', answer('file').replace('GET', 'HEAD'), /Content-Length: 10[\s\S]*\r\n\r\n$/],
  [
    'res.sendFile that the client has',
    answer('file', `If-None-Match: ${ETAG}`, 'If-Modified-Since: Sun, 09 Sep 2001 01:46:40 GMT'),
    'HTTP/1.1 304',
  ],
  ['res.download', answer('download'), /attachment; filename[\s\S]*0123456789$/],
  ['res.attachment', answer('attachment'), /filename="?a\.pdf/],
  ['res.cookie and res.clearCookie', answer('cookie'), 'old=; Path=/'],
  ['res.set, append, vary, location, links, type', answer('headers'), 'image/svg+xml'],
  ['res.render', answer('render'), 'Hello Ada'],
  ['res.locals and app.locals', answer('locals'), '"documented"'],
  ['express.static', get('/static/page.txt'), 'max-age=1'],
  [
    'express.static that the client has',
    get('/static/page.txt', 'If-Modified-Since: Sun, 09 Sep 2001 01:46:40 GMT'),
    '304',
  ],
  ['an answer in chunks', answer('chunks'), 'three'],
  ['an answer without content', answer('no-content'), /204 No Content[\s\S]*\r\n\r\n$/],
  ['trailers', answer('trailers'), 'X-Sum: 7'],
  ['early hints', answer('hints'), /^HTTP\/1.1 103[\s\S]*HTTP\/1.1 200/],
  ['102 before the answer', answer('processing'), /^HTTP\/1.1 102[\s\S]*HTTP\/1.1 200/],
  ['res.writeHead with words and raw headers', answer('head'), '299 Own Words'],
  ['res.flushHeaders', answer('flushed'), 'later'],
  ['res.destroy in the middle', answer('destroyed'), 'half'],
  ['a fresh answer', answer('send', 'If-None-Match: *'), '304'],
  ['router.param, req.route and mount path', get('/users/7'), '"user 7"'],
  ["next('route') and next('router')", get('/users/7?skip'), 'behind the router'],
  ['mergeParams', get('/accounts/3/orders'), '"account": "3"'],
  ['app.route', get('/chain').replace('GET', 'POST'), 'post'],
  ['a path that cannot be decoded', get('/users/%E0%A4%A'), 'HTTP/1.1 400'],
  ['a handler that throws', get('/throws'), '422'],
  ['a handler that passes an error on', get('/nexts'), 'error: passed on'],
  ['an error after the headers', get('/late'), 'half'],
  ['an unknown path', get('/nowhere'), 'Cannot GET /nowhere'],
  [
    'a mounted app: mountpath, path(), baseUrl, owners',
    get('/child/told', 'X-Forwarded-For: 1.2.3.4'),
    '"owners":[true,true]',
  ],
  ['a mounted app by its other path', get('/kid/told'), '"/kid"'],
  ['an app in an app in an app', get('/child/grand/told'), '"/child/grand"'],
  ['a method of the mounted app', get('/child/status'), 'child says 201'],
  ['the same method of the app around it', get('/status'), /\r\n\r\nCreated$/],
  ['the app around, after the mounted one passed', get('/child/passes'), '[\n true,\n true,\n ""\n]'],
  ['an error out of a mounted app', get('/child/fails'), 'error: in the child'],
  ['HTTP/1.0', 'GET /answer/json HTTP/1.0\r\n\r\n', 'Connection: close'],
  ['HTTP/1.0 in chunks', 'GET /answer/chunks HTTP/1.0\r\n\r\n', /\r\n\r\none two three$/],
  [
    'HTTP/1.0 that is kept alive',
    'GET /answer/json HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /answer/send HTTP/1.0\r\n\r\n',
    /keep-alive[\s\S]*<p>text/i,
  ],
  [
    'three requests on one connection',
    `${answer('json').replace('Connection: close\r\n', '').repeat(2)}${answer('send')}`,
    'Keep-Alive: timeout=65',
  ],
  [
    'a pipelined request behind a failing one',
    get('/throws').replace('Connection: close\r\n', '') + answer('send'),
    /422[\s\S]*<p>text/,
  ],
  [
    'Expect: 100-continue',
    `POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi`,
    /^HTTP\/1.1 100 Continue[\s\S]*"bytes": 2/,
  ],
  ['an expectation that nobody can meet', get('/answer/send', 'Expect: 200-maybe'), '417'],
  [
    'Upgrade without anybody who takes it',
    get('/answer/send').replace('Connection: close', 'Connection: Upgrade, close\r\nUpgrade: websocket'),
    '<p>text',
  ],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', '400 Bad Request'],
  ['a target in absolute form', get('http://evil.example/answer/send'), '<p>text'],
  ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', /^HTTP\/1.1 \d/],
  ['TRACE', get('/answer/nothing').replace('GET', 'TRACE').replace('/answer', '/no'), '404'],
  ['a header block too large', get('/answer/send', `X-A: ${'a'.repeat(20_000)}`), '431'],
];

describe.each(EXPRESS_MAJORS)('createHttpServer on %s answers as http.createServer does', (_label, create) => {
  let ours: Server;
  let plain: Server;
  let ports: readonly [ours: number, plain: number];

  beforeAll(async () => {
    ours = createHttpServer(documentedApp(create));
    plain = createServer({ keepAliveTimeout: HTTP_SERVER_DEFAULTS.keepAliveTimeoutMs }, documentedApp(create));
    ports = [await listening(ours), await listening(plain)];
  });
  afterAll(() => {
    for (const server of [ours, plain]) {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each(EXCHANGES)('%s', async (_what, bytes, expected) => {
    const [answered, known] = await Promise.all(ports.map((port) => rawExchange(port, bytes)));
    const withoutDate = (text = ''): string =>
      text.replace(/^Date: .*$/gm, 'Date: now').replaceAll(String(ports[1]), String(ports[0]));
    expect(known).toMatch(expected);
    expect(withoutDate(answered)).toBe(withoutDate(known));
  });
});
