import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import express from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { correlationId, errorHandler, notFound } from 'express-runbook';
import { createPool } from 'express-runbook/postgres';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

describe.each(EXPRESS_MAJORS)('a body that cannot be read, on %s', (_label, create) => {
  function echo() {
    const logger = recordingLogger();
    const app = create();
    app.use(correlationId());
    app.use(express.json({ limit: '1kb' }));
    app.post('/echo', (req, res) => {
      res.json(req.body);
    });
    app.get('/users/:id', (_req, res) => {
      res.json({});
    });
    app.use(notFound());
    app.use(errorHandler({ logger }));
    return { app, lines: logger.lines };
  }

  it.each([
    ['cut off', '{"password":"hunter2'],
    ['with a trailing comma', '{"password":"hunter2",}'],
    ['with single quotes', "{'password':'hunter2'}"],
    ['of NaN', '{"password":"hunter2","a":NaN}'],
    ['with a comment', '{"password":"hunter2" /* */}'],
    ['of two documents', '{"password":"hunter2"}{}'],
    ['of a bare text', '"hunter2"'],
  ])('is a 400 in the envelope when the JSON is %s, and its content is in no line (ERR-17)', async (_what, body) => {
    const { app, lines } = echo();
    const response = await request(app).post('/echo').type('json').send(body).expect(400);
    expect(response.body).toEqual({
      success: false,
      error: { code: 400, message: 'Malformed JSON' },
      requestId: response.headers['x-request-id'],
    });
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('hunter');
  });

  it('is a 413 that closes the connection when it is too large, inflated size included (ERR-17)', async () => {
    const { app } = echo();
    const large = JSON.stringify({ text: 'x'.repeat(100_000) });
    const plain = await request(app).post('/echo').type('json').send(large).expect(413);
    expect(plain.body.error).toEqual({ code: 413, message: 'Payload too large' });
    expect(plain.headers.connection).toBe('close');
    const bomb = request(app).post('/echo').type('json').set('Content-Encoding', 'gzip');
    bomb.write(gzipSync(large));
    await bomb.expect(413);
  });

  it.each([
    [{ 'Content-Type': 'application/json; charset=iso-8859-7' }, 415, 'Unsupported charset'],
    [{ 'Content-Type': 'application/json', 'Content-Encoding': 'rot13' }, 415, 'Unsupported content encoding'],
    [{ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, 400, 'incorrect header check'],
  ])('is refused with the right status for %j', async (headers, statusCode, message) => {
    const response = await request(echo().app).post('/echo').set(headers).send('{"a":1}').expect(statusCode);
    expect(response.body.error).toEqual({ code: statusCode, message });
  });

  it('is one line at debug when the client leaves in the middle of it: nobody gets the answer', async () => {
    const { app, lines } = echo();
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    server.once('request', () => socket.destroy());
    const head = ['POST /echo HTTP/1.1', 'Host: here', 'Content-Type: application/json', 'Content-Length: 100'];
    socket.write(`${head.join('\r\n')}\r\n\r\n{"a":`);
    await expect.poll(() => lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'debug',
      message: 'Request refused',
      fields: { statusCode: 400, error: 'request aborted' },
    });
    server.close();
  });

  it.each(['/users/%', '/users/%E0%A4%A'])('answers 400 for the path %s without repeating it', async (path) => {
    const response = await request(echo().app).get(path).expect(400);
    expect(response.body.error).toEqual({ code: 400, message: 'Malformed URL' });
  });
});

describe.each(EXPRESS_MAJORS)('errors of libraries on %s', (_label, create) => {
  function throwing(error: unknown) {
    const logger = recordingLogger();
    const app = create();
    app.use(() => {
      throw error;
    });
    app.use(errorHandler({ logger }));
    return { app, lines: logger.lines };
  }

  it('turns a failed zod schema into one readable line (ERR-14)', async () => {
    const schema = z.object({ name: z.string(), count: z.number().int().optional() });
    const { error } = schema.safeParse({ name: 1, count: 'x' });
    const response = await request(throwing(error).app).get('/').expect(400);
    expect(response.body.error.message).toBe(
      'name: Invalid input: expected string, received number; count: Invalid input: expected number, received string',
    );
  });

  it('keeps a line a line when the client chooses the keys (ERR-14)', async () => {
    const { error } = z.strictObject({}).safeParse({ 'a\u2028b\nc\u009b': 1 });
    const response = await request(throwing(error).app).get('/').expect(400);
    expect(response.body.error.message).not.toMatch(/[\p{Cc}\u2028]/u);
  });

  it('shows the text of an http-errors error only when it is exposed', async () => {
    const gone = Object.assign(new Error('No longer here'), { statusCode: 410, expose: true });
    const response = await request(throwing(gone).app).get('/').expect(410);
    expect(response.body.error.message).toBe('No longer here');
    await request(throwing(Object.assign(gone, { expose: false })).app)
      .get('/')
      .expect(500);
  });

  it('does not tell the path of a file that res.sendFile does not find', async () => {
    const logger = recordingLogger();
    const app = create();
    app.get('/', (_req, res) => {
      res.sendFile('/srv/private/place/missing.txt');
    });
    app.use(errorHandler({ logger }));
    const response = await request(app).get('/').expect(404);
    expect(response.body.error).toEqual({ code: 404, message: 'Not Found' });
    const wrapped = Object.assign(new Error("ENOENT '/srv/private'"), { status: 403, expose: true, syscall: 'open' });
    const refused = await request(throwing(wrapped).app).get('/').expect(403);
    expect(refused.body.error.message).toBe('Forbidden');
  });

  it.each([
    ['23505', 409, 'Already exists'],
    ['57014', 503, 'Service unavailable'],
    ['22P02', 400, 'Invalid value'],
    ['22P05', 400, 'Invalid value'],
    ['22021', 400, 'Invalid value'],
    ['08006', 503, 'Service unavailable'],
    ['57P01', 503, 'Service unavailable'],
    ['57P03', 503, 'Service unavailable'],
    ['53300', 503, 'Service unavailable'],
    ['53200', 503, 'Service unavailable'],
    ['53100', 503, 'Service unavailable'],
    ['40001', 503, 'Service unavailable'],
    ['40P01', 503, 'Service unavailable'],
    ['55P03', 503, 'Service unavailable'],
    ['25006', 503, 'Service unavailable'],
    ['25001', 500, 'Internal server error'],
    ['42P01', 500, 'Internal server error'],
    ['23502', 500, 'Internal server error'],
  ])('answers SQLSTATE %s of Postgres with %i (ERR-18)', async (code, statusCode, message) => {
    const error = Object.assign(new Error('duplicate key (email)=(a@b.c)'), { code, severity: 'ERROR' });
    const { app, lines } = throwing(error);
    const response = await request(app).get('/').expect(statusCode);
    expect(response.body.error).toEqual({ code: statusCode, message });
    expect(response.headers['retry-after']).toBe(statusCode === 503 ? '5' : undefined);
    expect(lines[0]?.fields.code).toBe(code);
  });

  it.each([
    ['an exhausted pool', new Error('timeout exceeded when trying to connect')],
    ['a lost connection', new Error('Connection terminated unexpectedly')],
    ['a connection that was cut by us', new Error('Connection terminated')],
    ['a client that was ended', new Error('Client was closed and is not queryable')],
  ])('answers 503 with Retry-After for %s (ERR-18)', async (_what, error) => {
    const { app, lines } = throwing(error);
    const response = await request(app).get('/').expect(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.level).toBe('error');
  });

  it('answers 503 with Retry-After for a refused connection of our pool, and 500 for one of anybody else (ERR-18)', async () => {
    const pool = createPool({ host: '127.0.0.1', port: 1, user: 'me' });
    const refused = await pool.query('select 1').catch((error: unknown) => error);
    await pool.close();
    const { app, lines } = throwing(refused);
    const response = await request(app).get('/').expect(503);
    expect(response.headers['retry-after']).toBe('5');
    expect(lines[0]?.fields).toMatchObject({
      code: 'ERR_POOL_CONNECTION_LOST',
      stack: expect.stringMatching(/caused by: .*ECONNREFUSED/) as string,
    });
    await request(throwing((refused as Error).cause).app)
      .get('/')
      .expect(500);
  });

  it('does not take a URIError of the program for a mistake of the client', async () => {
    let error: unknown;
    try {
      decodeURIComponent('%');
    } catch (thrown) {
      error = thrown;
    }
    const { app, lines } = throwing(error);
    await request(app).get('/').expect(500);
    expect(lines[0]?.level).toBe('error');
  });

  it('does not take any code of five characters for one of Postgres', async () => {
    await request(throwing(Object.assign(new Error('x'), { code: '23505' })).app)
      .get('/')
      .expect(500);
  });
});
