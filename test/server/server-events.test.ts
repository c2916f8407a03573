import {
  createServer,
  IncomingMessage,
  OutgoingMessage,
  ServerResponse,
  type RequestListener,
  type Server,
} from 'node:http';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import type { Express } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpServer } from 'express-runbook';
import { listening, parsedAnswer, rawExchange } from '../support/raw-exchange.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n';

const MAKERS: readonly (readonly [what: string, make: (app: RequestListener) => Server])[] = [
  ['createHttpServer', (app) => createHttpServer(app)],
  // What the expectations are worth: they hold where nothing is prepared.
  ['http.createServer', (app) => createServer(app)],
];
const CASES = EXPRESS_MAJORS.flatMap(([major, create]) =>
  MAKERS.map(([maker, make]) => [maker, major, create, make] as const),
);

describe.each(CASES)('the events of %s on %s', (_maker, _major, create, make) => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serving(app: Express): Promise<{ server: Server; port: number }> {
    server = make(app);
    return { server, port: await listening(server) };
  }

  function helloApp(): Express {
    const app = create();
    app.get('/', (_req, res) => {
      res.send('hello');
    });
    return app;
  }

  it('an upgrade goes to its listener, with the socket and what was sent behind the head', async () => {
    const { server, port } = await serving(helloApp());
    server.on('upgrade', (req, socket, head) => {
      socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${String(req.headers.upgrade)} ${head.toString()}`);
    });
    const head = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nfirst bytes';
    expect(await rawExchange(port, head)).toContain('echo first bytes');
    expect(await rawExchange(port, `${GET}\r\n`)).toContain('hello');
  });

  it('CONNECT goes to its listener', async () => {
    const { server, port } = await serving(helloApp());
    server.on('connect', (req, socket) => {
      socket.end(`HTTP/1.1 200 OK\r\n\r\ntunnel to ${String(req.url)}`);
    });
    expect(await rawExchange(port, 'CONNECT db:5432 HTTP/1.1\r\nHost: db\r\n\r\n')).toContain('tunnel to db:5432');
  });

  it('checkContinue decides whether a body may come', async () => {
    const { server, port } = await serving(helloApp());
    server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
      if (Number(req.headers['content-length']) > 10) res.writeHead(413).end();
      else {
        res.writeContinue();
        server.emit('request', req, res);
      }
    });
    const small = await rawExchange(port, `${GET}Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi`);
    expect(small).toMatch(/^HTTP\/1.1 100 Continue[\s\S]*hello$/);
    const large = await rawExchange(port, `${GET}Expect: 100-continue\r\nContent-Length: 99\r\n\r\n`);
    expect(parsedAnswer(large).status).toBe(413);
  });

  it('checkExpectation is asked for expectations that Node does not know', async () => {
    const { server, port } = await serving(helloApp());
    server.on('checkExpectation', (_req: IncomingMessage, res: ServerResponse) => res.writeHead(202).end());
    expect(parsedAnswer(await rawExchange(port, `${GET}Expect: a-miracle\r\n\r\n`)).status).toBe(202);
  });

  it('clientError answers what is no HTTP', async () => {
    const { server, port } = await serving(helloApp());
    server.on('clientError', (error: Error & { code?: string }, socket) => {
      socket.end(`HTTP/1.1 400 Bad Request\r\n\r\n${String(error.code)}`);
    });
    expect(await rawExchange(port, 'NOT HTTP\r\n\r\n')).toMatch(/HPE_/);
  });

  it('a listener of "request" before and one after the app see the same objects as the app', async () => {
    const app = create();
    const seen: object[] = [];
    app.get('/', (req, res) => {
      seen.push(req, res);
      res.send('hello');
    });
    const { server, port } = await serving(app);
    server.prependListener('request', (req, res) => seen.push(req, res));
    server.on('request', (req, res) => seen.push(req, res));
    await rawExchange(port, `${GET}\r\n`);
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(2);
  });

  it('the time-outs of server, request and response reach the app', async () => {
    const app = create();
    const heard: string[] = [];
    app.get('/', (req, res) => {
      req.setTimeout(10_000, () => heard.push('request'));
      res.setTimeout(20, () => {
        heard.push('response');
        res.status(503).send('too slow');
      });
    });
    const { server, port } = await serving(app);
    server.setTimeout(10_000);
    expect(parsedAnswer(await rawExchange(port, `${GET}\r\n`)).status).toBe(503);
    expect(heard).toEqual(['response']);
  });

  it('a client that leaves is heard by request and response, and the app goes on', async () => {
    const app = helloApp();
    const heard: string[] = [];
    app.post('/upload', (req, res) => {
      req.on('error', (error: Error & { code?: string }) => heard.push(`request error ${String(error.code)}`));
      req.on('close', () => heard.push('request close')).on('aborted', () => heard.push('request aborted'));
      res.on('close', () => heard.push('response close')).on('finish', () => heard.push('response finish'));
      req.resume();
      arrived(req.socket);
    });
    let arrived: (socket: Socket) => void = () => undefined;
    const met = new Promise<Socket>((resolve) => (arrived = resolve));
    const { port } = await serving(app);
    const client = connect(port, '127.0.0.1');
    client.write('POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    const socket = await met;
    client.destroy();
    // Not `once` of node:events: the socket emits the error of the broken body before.
    await new Promise((resolve) => socket.once('close', resolve));
    await expect
      .poll(() => [...heard].sort())
      .toEqual(['request aborted', 'request close', 'request error ECONNRESET', 'response close'].sort());
    expect(await rawExchange(port, `${GET}\r\n`)).toContain('hello');
  });

  it('request and response are what libraries look for: classes, streams, events, inspection', async () => {
    const app = create();
    let told: unknown;
    app.get('/', (req, res) => {
      told = {
        classes: [req instanceof IncomingMessage, req instanceof Readable, res instanceof ServerResponse],
        outgoing: res instanceof OutgoingMessage,
        linked: [res.req === req, req.res === res],
        texts: [inspect(req), inspect(res)].map((text) => / (\w+) \{/.exec(text)?.[1]),
        can: [res.strictContentLength, res.sendDate, res.shouldKeepAlive, res.writable, req.readable],
      };
      res.send('hello');
    });
    const { port } = await serving(app);
    await rawExchange(port, `${GET}\r\n`);
    expect(told).toEqual({
      classes: [true, true, true],
      outgoing: true,
      linked: [true, true],
      texts: ['IncomingMessage', 'ServerResponse'],
      can: [false, true, false, true, true],
    });
  });

  it("Node's own channels tell of each request", async () => {
    const { port } = await serving(helloApp());
    const channels: string[] = [];
    const keep = (message: unknown, name: string | symbol): void => {
      const { request, response } = message as { request: unknown; response: unknown };
      if (request instanceof IncomingMessage && response instanceof ServerResponse) channels.push(String(name));
    };
    const names = ['http.server.request.start', 'http.server.response.finish'];
    for (const name of names) subscribe(name, keep);
    await rawExchange(port, `${GET}\r\n`);
    for (const name of names) unsubscribe(name, keep);
    expect(channels).toEqual(names);
  });

  it("what a tracer puts on Node's prototypes later is called", async () => {
    const { port } = await serving(helloApp());
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the `this` of its caller
    const { writeHead } = ServerResponse.prototype;
    let calls = 0;
    ServerResponse.prototype.writeHead = function (this: ServerResponse, ...parameters: unknown[]) {
      calls++;
      return (writeHead as (...all: unknown[]) => ServerResponse).apply(this, parameters);
    } as typeof writeHead;
    try {
      expect(await rawExchange(port, `${GET}\r\n`)).toContain('hello');
    } finally {
      ServerResponse.prototype.writeHead = writeHead;
    }
    expect(calls).toBe(1);
  });
});
