import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import http from 'node:http';
import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import {
  correlationId,
  createHealthRouter,
  extendContext,
  getContext,
  httpLogger,
  type HttpLoggerOptions,
  type LoggerOptions,
} from 'express-runbook';
import { EXPRESS_MAJORS } from '../support/serve.js';
import { fileLines, keysAsWritten, newFolder, parsed, recorded } from './recorded.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each(EXPRESS_MAJORS)('httpLogger on %s', (_label, create) => {
  function service(options?: Partial<HttpLoggerOptions>, loggerOptions?: LoggerOptions) {
    const log = recorded({ context: getContext, level: 'info', ...loggerOptions });
    const app = create();
    app.use(correlationId(), httpLogger({ logger: log.logger, ...options }));
    const users = express.Router();
    users.get('/:id', (req, res) => {
      extendContext({ userId: '123' });
      req.log.info('asked');
      res.json({ id: req.params.id });
    });
    app.use('/api/users', users);
    app.get('/boom', (_req, _res, next) => next(new Error('boom')));
    app.get('/slow', (_req, res) => void setTimeout(() => res.end(), 30));
    app.post('/parse', express.json({ limit: 10 }), (_req, res) => void res.end());
    app.use(((_error, _req, res, next) => {
      if (res.headersSent) next(_error);
      else res.status((_error as { status?: number }).status ?? 500).end();
    }) as express.ErrorRequestHandler);
    return { app, ...log };
  }

  it('writes one line per request, with its ids, its user and its route (LOG-30, LOG-19)', async () => {
    const { app, lines, text } = service({}, { includeHostname: false });
    await request(app)
      .get('/api/users/7?q=1')
      .set('X-Request-ID', 'r-1')
      .set('X-Correlation-ID', 'c-1')
      .set('Authorization', 'Bearer S3cr3tV4lue')
      .set('Cookie', 'sid=S3cr3tV4lue');
    const [asked, completed, ...more] = lines();
    expect(more).toEqual([]);
    expect(asked).toMatchObject({ msg: 'asked', requestId: 'r-1', correlationId: 'c-1', userId: '123' });
    expect(completed).toMatchObject({
      ...{ level: 'info', msg: 'Request completed', requestId: 'r-1', correlationId: 'c-1', userId: '123' },
      ...{ method: 'GET', url: '/api/users/7?q=1', route: '/api/users/:id', statusCode: 200, severity: 'INFO' },
    });
    expect(completed?.duration).toSatisfy(Number.isInteger);
    expect(keysAsWritten(text().split('\n')[1] ?? '')).toEqual([
      ...['level', 'timestamp', 'pid', 'requestId', 'correlationId', 'method', 'url', 'statusCode', 'duration', 'msg'],
      ...['userId', 'route', 'severity'],
    ]);
    expect(text()).not.toContain('S3cr3tV4lue');
  });

  it.each([
    ['an unknown route', (app: express.Express) => request(app).get('/nowhere'), 404],
    ['an error', (app: express.Express) => request(app).get('/boom'), 500],
    ['HEAD', (app: express.Express) => request(app).head('/api/users/7'), 200],
    ['OPTIONS', (app: express.Express) => request(app).options('/api/users/7'), 200],
    ['a body that is no JSON', (app: express.Express) => post(app, '{"a'), 400],
    ['a body that is too large', (app: express.Express) => post(app, `{"a":"${'x'.repeat(20)}"}`), 413],
  ])('writes exactly one for %s too (S19)', async (_what, ask, statusCode) => {
    const { app, lines } = service();
    await ask(app);
    const requests = lines().filter((line) => line.msg !== 'asked');
    expect(requests).toMatchObject([{ msg: 'Request completed', statusCode, level: 'info' }]);
  });

  it('keeps the query for grep and masks the named secrets in it (LOG-72, X-29)', async () => {
    const { app, text } = service();
    await request(app).get('/search?q=1%20UNION%20SELECT&token=S3cr3tV4lue&api_key=S3cr3tV4lue&page=2');
    expect(text()).toContain('/search?q=1%20UNION%20SELECT&token=[REDACTED]&api_key=[REDACTED]&page=2');
  });

  it('masks what is secret before it cuts a long URL', async () => {
    const { app, lines, text } = service({ slowThresholdMs: 0 });
    const start = `/slow?next=${'x'.repeat(480)}`;
    for (const user of ['ann:', '']) {
      await request(app).get(`${start}&next=https://${user}S3cr3t${'V4lue'.repeat(20)}@example.com/`);
    }
    await request(app).get(`${start}&next=https%3A%2F%2Fann%3AS3cr3t${'V4lue'.repeat(20)}%40example.com`);
    expect(lines()).toHaveLength(6);
    expect(text()).not.toContain('S3cr');
    expect(lines().map((line) => line.url.slice(0, start.length))).toEqual(Array(6).fill(start));
    expect(Math.max(...lines().map((line) => line.url.length))).toBe(515);
  });

  it('cuts a URL that is made to be long', async () => {
    const { app, lines } = service();
    await request(app).get(`/${'x'.repeat(8_000)}`);
    expect(lines()[0]?.url).toHaveLength(515);
  });

  it('writes the lines of requests to app.log and access.log at every level (X-19)', async () => {
    const dir = newFolder();
    const { app } = service({}, { dir, level: 'error' });
    await request(app).get('/api/users/7').expect(200);
    const line = { msg: 'Request completed', statusCode: 200, url: '/api/users/7' };
    expect(fileLines(dir, 'app.log')).toMatchObject([line]);
    expect(fileLines(dir, 'access.log')).toMatchObject([line]);
  });

  it('writes none when switched off, and still gives req.log', async () => {
    const { app, lines } = service({ enabled: false });
    await request(app).get('/api/users/7');
    expect(lines().map((line) => line.msg)).toEqual(['asked']);
  });

  it('warns once of a slow request, after its line (LOG-32)', async () => {
    const { app, lines } = service({ slowThresholdMs: 5 });
    await request(app).get('/slow?a=b');
    expect(lines()).toMatchObject([
      { msg: 'Request completed' },
      {
        msg: 'Slow HTTP request detected',
        level: 'warn',
        url: '/slow?a=b',
        threshold: 5,
        requestId: expect.any(String),
      },
    ]);
    expect(lines()[1]?.duration).toBeGreaterThan(5);
  });

  it('does not call a fast request slow', async () => {
    const { app, lines } = service();
    await request(app).get('/slow');
    expect(lines()).toHaveLength(1);
  });

  it('tells a request whose client left from one that was answered (S19)', async () => {
    const { app, lines } = service();
    app.get('/hang', () => undefined);
    app.get('/half', (_req, res) => void res.write('half'));
    for (const path of ['/hang', '/half']) await abort(app, path);
    expect(lines()).toMatchObject([
      { msg: 'Request aborted', aborted: true, outcome: 'aborted', statusCode: 499, url: '/hang' },
      { msg: 'Request aborted', aborted: true, outcome: 'aborted', statusCode: 499, url: '/half' },
    ]);
  });

  it('never calls an answer that broke off on our side a success', async () => {
    const { app, lines } = service();
    app.get('/broken', (_req, res) => {
      res.write('half');
      res.destroy(new Error('broken'));
    });
    await request(app)
      .get('/broken')
      .then(
        () => undefined,
        () => undefined,
      );
    expect(lines()).toMatchObject([{ msg: 'Request errored', outcome: 'errored', statusCode: 500 }]);
    expect(lines()[0]).not.toHaveProperty('aborted');
  });

  it('keeps the ids of interleaved requests apart (S14)', async () => {
    const { app, lines } = service();
    const server = app.listen(0);
    const ids = Array.from({ length: 40 }, (_, index) => `r-${index}`);
    await Promise.all(ids.map((id) => request(server).get(`/api/users/${id}`).set('X-Request-ID', id)));
    server.close();
    for (const id of ids) {
      const own = lines().filter((line) => line.requestId === id);
      expect(own.map((line) => line.msg)).toEqual(['asked', 'Request completed']);
      expect(own[1]?.url).toBe(`/api/users/${id}`);
    }
  });

  it('knows the ids outside of the asynchronous context, too', async () => {
    const log = recorded();
    const app = create();
    app.use(correlationId(), httpLogger({ logger: log.logger }));
    app.get('/', (req, res) => {
      // As in a driver's callback that lost the context: this logger has none to ask.
      req.log.child({ module: 'driver' }).info('asked');
      res.log.info('asked');
      res.end();
    });
    await request(app).get('/').set('X-Request-ID', 'r-1');
    expect(log.lines().map((line) => line.requestId)).toEqual(['r-1', 'r-1', 'r-1']);
  });

  it('writes one line when mounted twice', async () => {
    const { app, logger, lines } = service();
    const outer = create();
    outer.use(correlationId(), httpLogger({ logger }), app);
    await request(outer).get('/nowhere');
    expect(lines()).toHaveLength(1);
  });

  it('works without correlationId(): the request has an id all the same', async () => {
    const log = recorded();
    const app = create();
    app.use(httpLogger({ logger: log.logger }));
    app.get('/', (req, res) => {
      req.log.info('asked');
      res.json({ id: req.id });
    });
    const { body } = await request(app).get('/');
    expect(body.id).toMatch(UUID);
    expect(log.lines().map((line) => line.requestId)).toEqual([body.id, body.id]);
  });

  it('skips the probes of the health router unless asked (HLT-14, CFG-34)', async () => {
    for (const skipHealthChecks of [true, false]) {
      const { logger, lines } = recorded();
      const app = create();
      app.use(httpLogger({ logger, skipHealthChecks, slowThresholdMs: 60_000 }));
      app.use(createHealthRouter());
      await request(app).get('/health/live');
      await request(app).get('/healthy');
      expect(lines().map((line) => line.url)).toEqual(skipHealthChecks ? ['/healthy'] : ['/health/live', '/healthy']);
    }
  });
});

describe('httpLogger with a pino logger of someone else', () => {
  it('writes its lines as info, with masked URLs, and gives req.log', async () => {
    const written: string[] = [];
    const logger = pino({ base: null }, { write: (line: string) => void written.push(line) });
    const app = express();
    app.use(correlationId(), httpLogger({ logger }));
    app.get('/', (req, res) => {
      req.log.info('asked');
      res.end();
    });
    await request(app).get('/?token=S3cr3tV4lue').set('X-Request-ID', 'r-1');
    await request(app).get(`/a?next=%2F%3Ftoken%3DS3cr3t&token=a,S3cr3t&q=${'x'.repeat(600)}`);
    await request(app).get(`/?q=${'x'.repeat(490)}&next=https://S3cr3t${'V4lue'.repeat(20)}@example.com/`);
    expect(parsed(written.join(''))).toMatchObject([
      { msg: 'asked', requestId: 'r-1' },
      { msg: 'Request completed', requestId: 'r-1', url: '/?token=[REDACTED]', statusCode: 200, level: 30 },
      { url: expect.stringMatching(/^\/a\?next=\[REDACTED\]&token=\[REDACTED\]&q=x{400,}\.\.\.$/) },
      { msg: 'asked' },
      { url: expect.stringMatching(/&next=https.{0,12}\.\.\.$/) },
    ]);
    expect(written.join('')).not.toContain('S3cr');
  });
});

describe('httpLogger options', () => {
  it('need a logger, and name what is wrong', () => {
    // @ts-expect-error the mistake under test
    expect(() => httpLogger({})).toThrow(/httpLogger\.logger is required/);
    // @ts-expect-error the mistake under test
    expect(() => httpLogger({ logger: {} })).toThrow(/httpLogger\.logger must have the methods/);
    const { logger } = recorded();
    expect(() => httpLogger({ logger, slowThresholdMs: -1 })).toThrow(/slowThresholdMs must be a whole number/);
  });
});

function post(app: express.Express, body: string) {
  return request(app).post('/parse').set('Content-Type', 'application/json').send(body);
}

/** Asks and leaves as soon as the server has the request; resolves when the server saw that. */
async function abort(app: express.Express, path: string): Promise<void> {
  const server = http.createServer(app);
  server.listen(0);
  await once(server, 'listening');
  const seen = once(server, 'request');
  const client = http.get({ port: (server.address() as AddressInfo).port, path });
  client.on('error', () => undefined);
  const [, response] = (await seen) as [unknown, http.ServerResponse];
  client.destroy();
  if (!response.destroyed) await once(response, 'close');
  server.close();
}
