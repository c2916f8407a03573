import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import express, { type Express } from 'express';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpServer, HTTP_SERVER_DEFAULTS, type HttpServerOptions } from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';

/** What an app adds to Express' own request and response, without declaring it for every other test. */
interface Extended {
  shout?: () => string;
}

function chainLength(start: object): number {
  let length = 0;
  for (let one: unknown = start; one !== null; one = Object.getPrototypeOf(one)) length++;
  return length;
}

describe.each(EXPRESS_MAJORS)('createHttpServer on %s', (_label, create) => {
  it('leaves Express nothing to change: a request is born with the prototypes of its app', async () => {
    const app = create();
    let isRequestReady: boolean | undefined;
    let isResponseReady: boolean | undefined;
    app.get('/', (_req, res) => {
      res.end();
    });
    const server = createHttpServer(app);
    server.prependListener('request', (req, res) => {
      isRequestReady = Object.getPrototypeOf(req) === app.request;
      isResponseReady = Object.getPrototypeOf(res) === app.response;
    });
    await request(server).get('/').expect(200);
    expect([isRequestReady, isResponseReady]).toEqual([true, true]);
  });

  it('makes requests and responses that V8 keeps as fast as those of http.createServer (P1)', async () => {
    setFlagsFromString('--allow-natives-syntax');
    // V8's own test of it; only a script compiled after the flag was set may ask.
    const isFast = runInThisContext('(object) => %HasFastProperties(object)') as (object: object) => boolean;
    const app = create();
    app.get('/', (req, res) => {
      res.json({ request: isFast(req), response: isFast(res) });
    });
    const { body } = await request(createHttpServer(app)).get('/');
    expect(body).toEqual((await request(createServer(app)).get('/')).body);
    expect(body).toEqual({ request: true, response: true });
  });

  it('serves as http.createServer does: app, locals, helpers, body, instanceof', async () => {
    const app = create();
    app.use(create.json());
    app.post('/items/:id', (req, res) => {
      res.locals.seen = true;
      res.status(201).json({
        id: req.params.id,
        query: req.query,
        body: req.body,
        path: req.path,
        isSameApp: req.app === app && res.app === app,
        isNode: req instanceof IncomingMessage && res instanceof ServerResponse,
        locals: { ...res.locals },
        type: req.get('content-type'),
      });
    });
    const send = (target: Server | Express) => request(target).post('/items/7?a=1').send({ name: 'x' });
    const ours = await send(createHttpServer(app));
    const plain = await send(app);
    expect(ours.status).toBe(201);
    expect(ours.body).toMatchObject({
      id: '7',
      body: { name: 'x' },
      isSameApp: true,
      isNode: true,
      locals: { seen: true },
    });
    expect(ours.body).toEqual(plain.body);
    expect(Object.keys(ours.headers).sort()).toEqual(Object.keys(plain.headers).sort());
  });

  it('keeps unknown routes and thrown errors as Express answers them', async () => {
    const app = create();
    app.set('env', 'test');
    app.get('/error', () => {
      throw Object.assign(new Error('no'), { status: 418 });
    });
    const server = createHttpServer(app);
    await request(server).get('/nowhere').expect(404);
    await request(server).get('/error').expect(418);
  });

  it('changes neither app.request nor its chain, however often it is called', async () => {
    const app = create();
    app.get('/', (_req, res) => {
      res.json({ ok: true });
    });
    const before = [app.request, app.response] as const;
    const lengths = before.map(chainLength);
    const servers = [createHttpServer(app), createHttpServer(app), createHttpServer(app)];
    expect(app.request).toBe(before[0]);
    expect(app.response).toBe(before[1]);
    expect([app.request, app.response].map(chainLength)).toEqual(lengths);
    for (const server of servers) await request(server).get('/').expect(200, { ok: true });
  });

  it('shows what others add to app.request and app.response, before and after, in mounted apps too', async () => {
    const app = create();
    const child = create();
    (app.request as Extended).shout = () => 'request, before';
    app.use('/child', child);
    const server = createHttpServer(app);
    (app.response as Extended).shout = () => 'response, after';
    for (const one of [app, child]) {
      one.get('/shout', (req, res) => {
        res.json([(req as Extended).shout?.(), (res as Extended).shout?.()]);
      });
    }
    await request(server).get('/shout').expect(200, ['request, before', 'response, after']);
    await request(server).get('/child/shout').expect(200, ['request, before', 'response, after']);
  });

  it('works for an app whose request is replaced afterwards', async () => {
    const app = create();
    app.get('/', (req, res) => {
      res.json({ said: (req as Extended).shout?.(), isSameApp: req.app === app });
    });
    const server = createHttpServer(app);
    // Typed as Express' own request, which it inherits from.
    app.request = Object.create(app.request, { shout: { value: () => 'replaced' } }) as typeof app.request;
    await request(server).get('/').expect(200, { said: 'replaced', isSameApp: true });
  });

  it('gives a mounted app its own request, and the parent its own back', async () => {
    const app = create();
    const child = create();
    const seen: string[] = [];
    const note = (label: string) => (req: express.Request, res: express.Response, next: express.NextFunction) => {
      const owner = (one: unknown) => (one === app ? 'parent' : one === child ? 'child' : 'nobody');
      seen.push(`${label}: ${owner(req.app)}, ${owner(res.app)}`);
      next();
    };
    app.use(note('before'));
    child.use(note('inside'));
    app.use('/child', child);
    app.use(note('after'));
    app.use((_req, res) => {
      res.end();
    });
    await request(createHttpServer(app)).get('/child').expect(200);
    expect(seen).toEqual(['before: parent, parent', 'inside: child, child', 'after: parent, parent']);
  });

  it('serves two apps side by side without mixing them', async () => {
    const apps = ['one', 'two'].map((name) => {
      const app = create();
      app.set('name', name);
      app.get('/', (req, res) => {
        res.json([req.app.get('name'), res.app.get('name')]);
      });
      return createHttpServer(app);
    });
    await request(apps[0]!).get('/').expect(200, ['one', 'one']);
    await request(apps[1]!).get('/').expect(200, ['two', 'two']);
  });
});

describe('createHttpServer', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  it('takes a plain handler', async () => {
    server = createHttpServer((_req, res) => {
      res.end('plain');
    });
    await request(server).get('/').expect(200, 'plain');
  });

  it('keeps connections for longer than the 60 s of a load balancer, and gives headers longer still', () => {
    server = createHttpServer(express());
    expect(server.keepAliveTimeout).toBe(HTTP_SERVER_DEFAULTS.keepAliveTimeoutMs);
    expect(server.keepAliveTimeout).toBeGreaterThan(60_000);
    expect(server.headersTimeout).toBeGreaterThan(server.keepAliveTimeout);
    expect(server.requestTimeout).toBe(HTTP_SERVER_DEFAULTS.requestTimeoutMs);
  });

  it.each([
    [{ keepAliveTimeoutMs: 120_000 }, [120_000, 121_000, 300_000]],
    [{ keepAliveTimeoutMs: 0 }, [0, 60_000, 300_000]],
    [{ requestTimeoutMs: 5_000 }, [65_000, 5_000, 5_000]],
    [{ requestTimeoutMs: 0, headersTimeoutMs: 0 }, [65_000, 0, 0]],
  ])('fits the times of %j to each other', (options, [keepAlive, headers, all]) => {
    server = createHttpServer(express(), options);
    expect([server.keepAliveTimeout, server.headersTimeout, server.requestTimeout]).toEqual([keepAlive, headers, all]);
  });

  it('closes an idle connection after keepAliveTimeoutMs', async () => {
    server = createHttpServer((_req, res) => res.end(), { keepAliveTimeoutMs: 1 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.resume().write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'close');
  });

  it.each([
    [{ keepAliveTimeout: 1 }, 'httpServer.keepAliveTimeout is not an option; did you mean keepAliveTimeoutMs?'],
    [{ keepAliveTimeoutMs: 2 ** 31 }, 'httpServer.keepAliveTimeoutMs must be a whole number from 0 to 2147483647'],
    [
      { headersTimeoutMs: 10, requestTimeoutMs: 5 },
      'httpServer.headersTimeoutMs (10) must not be above requestTimeoutMs (5)',
    ],
  ])('refuses %j by name', (options, message) => {
    // The first is a mistake that plain JavaScript allows.
    expect(() => createHttpServer(express(), options as HttpServerOptions)).toThrow(message);
  });

  it('hands on one request of a connection at a time, so that a client that reads nothing costs one answer (F17)', async () => {
    const answer = Buffer.alloc(32 * 1024 * 1024);
    const asked: string[] = [];
    server = createHttpServer((req, res) => {
      asked.push(req.url ?? '');
      res.end(req.url === '/small' ? 'small' : answer);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').pause();
    socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\nGET /small HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => asked).toEqual(['/large']);
    // Others are served meanwhile, which is time enough to hand on the second one too.
    for (let count = 0; count < 20; count++) await fetch(`http://127.0.0.1:${port}/small`);
    expect(asked.filter((url) => url === '/small')).toHaveLength(20);
    socket.resume();
    await expect.poll(() => asked.length).toBe(22);
    socket.destroy();
  });

  it('ends a connection on which a thousand requests wait, instead of keeping ever more of them', async () => {
    const asked: string[] = [];
    server = createHttpServer((req) => void asked.push(req.url ?? ''));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
    socket.on('error', () => undefined);
    socket.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2000));
    await once(socket, 'close');
    expect(asked).toEqual(['/held']);
  });

  it('refuses what is not an app', () => {
    // A mistake that plain JavaScript allows.
    const router = {} as unknown as Express;
    expect(() => createHttpServer(router)).toThrow('httpServer.app must be an Express app or a handler, got a object');
  });
});
