import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express, type RequestHandler } from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import {
  AppError,
  ForbiddenError,
  InternalServerError,
  NotFoundError,
  TooManyRequestsError,
  UnauthorizedError,
  correlationId,
  errorHandler,
  extendContext,
  notFound,
} from 'express-runbook';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';
import { strangeThings } from './strange-things.js';

const GENERIC = { success: false, error: { code: 500, message: 'Internal server error' } };

describe.each(EXPRESS_MAJORS)('errorHandler on %s', (_label, create) => {
  function serving(handler: RequestHandler, ...before: RequestHandler[]) {
    const logger = recordingLogger();
    const app = create();
    for (const one of before) app.use(one);
    app.all('/it', handler);
    app.use(notFound());
    app.use(errorHandler({ logger }));
    return { app, lines: logger.lines };
  }

  function throwing(thrown: unknown, ...before: RequestHandler[]) {
    return serving(
      () => {
        throw thrown;
      },
      ...before,
    );
  }

  const asUser123: RequestHandler = (_req, _res, next) => {
    extendContext({ userId: '123' });
    next();
  };

  it('answers an operational error with exactly its code and message (ERR-05, ERR-09)', async () => {
    const response = await request(throwing(new NotFoundError('Event')).app)
      .get('/it')
      .expect(404);
    expect(response.body).toEqual({ success: false, error: { code: 404, message: 'Event not found' } });
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('adds the request id where there is one, and the line joins it (ERR-13)', async () => {
    const { app, lines } = throwing(new Error('broken'), correlationId(), asUser123);
    const response = await request(app).get('/it').set('X-Request-ID', 'r-1').set('X-Correlation-ID', 'c-1');
    expect(response.body).toEqual({ ...GENERIC, requestId: 'r-1' });
    expect(lines[0]?.fields).toMatchObject({ requestId: 'r-1', correlationId: 'c-1', userId: '123' });
  });

  it('logs an unknown error once, with error, stack, path and method, and tells the client nothing (ERR-10, LOG-45)', async () => {
    const { app, lines } = throwing(new Error('connect postgres://app:hunter2@db'));
    const response = await request(app).post('/it?token=secret').expect(500);
    expect(response.body).toEqual(GENERIC);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', message: 'Error occurred' });
    expect(lines[0]?.fields).toEqual({
      error: 'connect postgres://app:hunter2@db',
      stack: expect.stringContaining('error-handler.test.ts'),
      path: '/it',
      method: 'POST',
      statusCode: 500,
    });
  });

  it.each<[string, AppError, number, string]>([
    ['InternalServerError', new InternalServerError('db pw=x'), 500, 'Internal server error'],
    ['an operational 503', new AppError(503, 'db pw=x'), 503, 'Service unavailable'],
    ['a 400 that is not operational', new AppError(400, 'db pw=x', false), 400, 'Bad Request'],
  ])('masks the text of %s and logs the real one (ERR-11, T-29)', async (_what, error, statusCode, message) => {
    const { app, lines } = throwing(error);
    const response = await request(app).get('/it').expect(statusCode);
    expect(response.body).toEqual({ success: false, error: { code: statusCode, message } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', fields: { error: 'db pw=x' } });
  });

  it('logs a 403 at warn with who and where (LOG-38)', async () => {
    const { app, lines } = throwing(new ForbiddenError(), correlationId(), asUser123);
    await request(app).get('/it').expect(403);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'warn',
      message: 'Request refused',
      fields: { userId: '123', path: '/it' },
    });
  });

  it.each<[AppError, string]>([
    [new NotFoundError('Event'), 'info'],
    [new TooManyRequestsError(), 'debug'],
  ])('logs what the client did below warn, without a stack: %s', async (error, level) => {
    const { app, lines } = throwing(error);
    await request(app).get('/it');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level, message: 'Request refused', fields: { error: error.message } });
    expect(lines[0]?.fields).not.toHaveProperty('stack');
  });

  it('answers an unknown route in the same shape, without its path (ERR-17)', async () => {
    const response = await request(throwing(null).app).get('/nowhere/<script>').expect(404);
    expect(response.body).toEqual({ success: false, error: { code: 404, message: 'Route not found' } });
  });

  it('answers JSON whatever the client accepts, and a HEAD without a body', async () => {
    const { app } = throwing(new NotFoundError('Event'));
    const html = await request(app).get('/it').set('Accept', 'text/html').expect(404);
    expect(html.body.error.message).toBe('Event not found');
    const head = await request(app).head('/it').expect(404);
    expect(head.text).toBeUndefined();
    expect(head.headers['content-length']).toBe(html.headers['content-length']);
  });

  it('sends Retry-After, Allow and WWW-Authenticate of an error and no other header', async () => {
    const headers = { 'Retry-After': '7', Allow: 'GET', 'Set-Cookie': 'a=b', Location: '//evil' };
    const limited = await request(throwing(new TooManyRequestsError('Slow', { headers })).app).get('/it');
    expect(limited.headers).toMatchObject({ 'retry-after': '7', allow: 'GET' });
    expect(limited.headers).not.toHaveProperty('set-cookie');
    expect(limited.headers).not.toHaveProperty('location');
    const unauthorized = await request(throwing(new UnauthorizedError()).app).get('/it').expect(401);
    expect(unauthorized.headers['www-authenticate']).toBe('Bearer');
  });

  it('leaves out a header that cannot be sent', async () => {
    const error = new TooManyRequestsError('Slow', { headers: { 'Retry-After': '7\r\nX-Evil: 1' } });
    const response = await request(throwing(error).app).get('/it').expect(429);
    expect(response.headers).not.toHaveProperty('retry-after');
    expect(response.headers).not.toHaveProperty('x-evil');
  });

  it('takes back what the handler had said about the answer that never came', async () => {
    const { app } = serving((_req, res) => {
      res.set({ 'Cache-Control': 'public, max-age=3600', ETag: '"1"', 'Content-Encoding': 'gzip' });
      // Announces what comes after a chunked body; Node refuses it beside Content-Length.
      res.set('Trailer', 'Server-Timing');
      throw new Error('broken');
    });
    const response = await request(app).get('/it').expect(500);
    expect(response.body).toEqual(GENERIC);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers).not.toHaveProperty('etag');
    expect(response.headers).not.toHaveProperty('trailer');
  });

  it.each(strangeThings())('answers 500 and logs once when %s is thrown', async (_what, thrown, logged) => {
    const { app, lines } = throwing(thrown);
    const response = await request(app).get('/it').expect(500);
    expect(response.body).toEqual(GENERIC);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', message: 'Error occurred', fields: { error: logged } });
    expect(lines[0]?.fields.stack).toEqual(expect.any(String));
  });

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['the word route', 'route'],
    ['0', 0],
    ['an empty text', ''],
    ['false', false],
    ['not a number', NaN],
  ])('answers 404, as Express takes it for next(), when %s is thrown', async (_what, thrown) => {
    const { app, lines } = throwing(thrown);
    await request(app).get('/it').expect(404);
    expect(lines).toHaveLength(1);
  });

  it('is passed by, as Express takes it for the end of the router, when the word router is thrown', async () => {
    const { app, lines } = throwing('router');
    const response = await request(app).get('/it').expect(404);
    expect(response.type).toBe('text/html');
    expect(lines).toEqual([]);
  });

  it('cuts the connection when the error comes in the middle of the answer, and logs once', async () => {
    const { app, lines } = serving((_req, res) => {
      res.write('half');
      throw new NotFoundError('Event');
    });
    const { body, error } = await rawGet(app);
    expect(error?.code).toBe('ECONNRESET');
    expect(body).not.toContain('success');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', fields: { headersSent: true, error: 'Event not found' } });
  });

  it('leaves an answer alone that was complete before the error', async () => {
    // More than the kernel takes at once: most of it is still on its way when the error comes.
    const size = 16_000_000;
    const { app, lines } = serving((_req, res) => {
      res.send('x'.repeat(size));
      throw new Error('too late');
    });
    const { body, error } = await rawGet(app);
    expect([body.length, error]).toEqual([size, undefined]);
    expect(lines).toHaveLength(1);
  });

  it('answers although the logger throws', async () => {
    const logger = recordingLogger();
    logger.error = () => {
      throw new Error('disk full');
    };
    const app = create();
    app.use(() => {
      throw new Error('broken');
    });
    app.use(errorHandler({ logger }));
    const response = await request(app).get('/it').expect(500);
    expect(response.body).toEqual(GENERIC);
  });
});

describe('errorHandler', () => {
  it('answers a rejected handler, null included, on Express 5', async () => {
    const logger = recordingLogger();
    const app = express();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the mistake under test
    app.get('/it', () => Promise.reject(null));
    app.use(errorHandler({ logger }));
    await request(app).get('/it').expect(500);
    expect(logger.lines).toHaveLength(1);
  });

  it('logs causes below the stack, each once', async () => {
    const logger = recordingLogger();
    const app = express();
    app.use(() => {
      throw new Error('cannot save', { cause: new Error('the disk is full') });
    });
    app.use(errorHandler({ logger }));
    await request(app).get('/');
    expect(logger.lines[0]?.fields.stack).toMatch(/Error: cannot save[^]*\ncaused by: Error: the disk is full/);
  });

  it('refuses to be made without a logger', () => {
    // @ts-expect-error the mistake under test
    expect(() => errorHandler()).toThrow(/errorHandler\.logger is required/);
    // @ts-expect-error the mistake under test
    expect(() => errorHandler({ loger: console })).toThrow(/did you mean logger\?/);
  });
});

/** Without supertest, which hides how a connection ended. */
async function rawGet(app: Express): Promise<{ body: string; error?: NodeJS.ErrnoException }> {
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    return await new Promise((resolve) => {
      let body = '';
      const { port } = server.address() as AddressInfo;
      httpRequest({ port, host: '127.0.0.1', path: '/it', agent: false }, (response) => {
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('error', (error) => resolve({ body, error }));
        response.on('end', () => resolve({ body }));
      })
        .on('error', (error) => resolve({ body, error }))
        .end();
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
