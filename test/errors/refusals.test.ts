import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import {
  bodyLimit,
  ConflictError,
  correlationId,
  errorHandler,
  methodNotAllowed,
  notFound,
  PayloadTooLargeError,
} from 'express-runbook';
import { testApp } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listening(app: Express): Promise<number> {
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe.each(EXPRESS_MAJORS)('refusals on %s', (_label, create) => {
  it('are problem details with the status, text, code and id when asked for (RFC 9457)', async () => {
    const app = create();
    app.use(correlationId());
    app.get('/it', () => {
      throw new ConflictError('Already taken');
    });
    app.use(notFound(), errorHandler({ logger: recordingLogger(), type: 'problem' }));
    const response = await request(app).get('/it').set('X-Request-ID', 'r-1').set('Accept', 'text/html').expect(409);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(response.text)).toEqual({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'Already taken',
      code: 'ERR_CONFLICT',
      requestId: 'r-1',
    });
    const unknown = await request(app).get('/nowhere').expect(404);
    expect(JSON.parse(unknown.text)).toMatchObject({ status: 404, code: 'ERR_NOT_FOUND' });
  });

  it('tell nothing of the inside as problem details either (ERR-10)', async () => {
    const app = create();
    app.get('/it', () => {
      throw Object.assign(new Error('password=hunter2'), { code: 'SECRET_CODE' });
    });
    app.use(errorHandler({ logger: recordingLogger(), type: 'problem' }));
    const { text } = await request(app).get('/it').expect(500);
    expect(JSON.parse(text)).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'Internal server error',
      code: 'ERR_INTERNAL',
    });
  });

  it('name the methods that a path has: 405 with Allow, and OPTIONS with 204', async () => {
    const logger = recordingLogger();
    const app = create();
    const hello = (_req: express.Request, res: express.Response): void => {
      res.json({});
    };
    app.route('/users').get(hello).post(hello).all(methodNotAllowed('GET', 'POST'));
    app.use(errorHandler({ logger }));
    const refused = await request(app).delete('/users').expect(405);
    expect(refused.headers.allow).toBe('GET, POST, HEAD, OPTIONS');
    expect(refused.body).toEqual({ success: false, error: { code: 405, message: 'Method not allowed' } });
    await request(app).head('/users').expect(200);
    const options = await request(app).options('/users').expect(204);
    expect(options.headers.allow).toBe('GET, POST, HEAD, OPTIONS');
    expect(logger.lines).toHaveLength(1);
  });

  it('of a body that says to be too large come before it is read, and reach a client that goes on sending (ERR-17)', async () => {
    const logger = recordingLogger();
    const app = create();
    let isParsed = false;
    app.use(bodyLimit({ maxBytes: 1000 }), express.json({ limit: 1000 }));
    app.post('/it', (_req, res) => {
      isParsed = true;
      res.json({});
    });
    app.use(errorHandler({ logger }));
    const socket = connect(await listening(app), '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    // The reset comes when the service has waited long enough; by then the answer has been read.
    socket.on('error', () => undefined);
    socket.write(
      'POST /it HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n',
    );
    const upload = setInterval(() => socket.write('x'.repeat(1000)), 5);
    try {
      await expect.poll(() => received).toMatch(/\r\n\r\n\{.*\}$/);
      expect(received).toMatch(/^HTTP\/1\.1 413 /);
      expect(received).toMatch(/\r\nConnection: close\r\n/);
      expect(received).toContain('{"success":false,"error":{"code":413,"message":"Payload too large"}}');
      expect(socket.destroyed).toBe(false);
      await once(socket, 'close');
    } finally {
      clearInterval(upload);
    }
    expect(isParsed).toBe(false);
    expect(logger.lines).toHaveLength(1);
  });

  it('count as completed when the client leaves with its answer in the middle of the upload', async () => {
    const { app, logs, close } = testApp((service) => service.use(bodyLimit({ maxBytes: 10 })), { app: create() });
    const socket = connect(await listening(app), '127.0.0.1');
    socket.write('POST /it HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
    const line = await logs.waitFor({ url: '/it', msg: /^Request (completed|aborted)/ });
    expect(line).toMatchObject({ msg: 'Request completed', statusCode: 413 });
    await close();
  });

  it('let a body of exactly the limit through, and one without a length', async () => {
    const app = create();
    app.use(bodyLimit({ maxBytes: 2 }), express.json());
    app.post('/it', (req, res) => {
      res.json(req.body);
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    await request(app).post('/it').type('json').send('{}').expect(200, {});
    await request(app).post('/it').type('json').send('{ }').expect(413);
    await request(app).post('/it').expect(200);
  });

  it('cut an endless chunked upload at the limit, and reach a client that goes on sending (S24)', async () => {
    const logger = recordingLogger();
    const app = create();
    app.use(bodyLimit({ maxBytes: 1000 }), express.json({ limit: 5000 }));
    app.use(errorHandler({ logger }));
    const socket = connect(await listening(app), '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    socket.on('error', () => undefined);
    socket.write(
      'POST /it HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const upload = setInterval(() => socket.write(`3e8\r\n${'1'.repeat(1000)}\r\n`), 5);
    try {
      await expect.poll(() => received).toMatch(/\r\n\r\n\{.*\}$/);
      expect(received).toMatch(/^HTTP\/1\.1 413 /);
      expect(received).toMatch(/\r\nConnection: close\r\n/);
      await once(socket, 'close');
    } finally {
      clearInterval(upload);
    }
    expect(logger.lines).toHaveLength(1);
  });

  it('never show a reader the beginning of a cut upload as a whole one', async () => {
    const ends: string[] = [];
    const app = create();
    app.use(bodyLimit({ maxBytes: 10 }));
    app.post('/iterated', async (req, res) => {
      try {
        for await (const part of req) ends.push(String(part));
        ends.push('end');
      } catch (error) {
        ends.push((error as Error).message);
      }
      res.json({});
    });
    app.post('/listened', (req, res) => {
      req.on('data', (part) => ends.push(String(part))).on('end', () => res.json(ends.push('end')));
    });
    const port = await listening(app);
    const upload = (path: string) =>
      new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1');
        socket.on('error', () => undefined).on('close', resolve);
        socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`);
        socket.write('5\r\n12345\r\n');
        setTimeout(() => socket.write('6\r\n678901\r\n0\r\n\r\n'), 20);
        socket.resume();
      });
    await upload('/iterated');
    expect(ends.splice(0)).toEqual(['12345', 'Payload too large']);
    await upload('/listened');
    expect(ends).toEqual(['12345']);
  });

  it('let a chunked body of exactly the limit through', async () => {
    const app = create();
    app.use(bodyLimit({ maxBytes: 7 }), express.json());
    app.post('/it', (req, res) => {
      res.json(req.body);
    });
    const sent = request(app).post('/it').type('json').set('Transfer-Encoding', 'chunked');
    sent.write('{"a":');
    sent.write('1}');
    const { status, body } = await sent;
    expect([status, body]).toEqual([200, { a: 1 }]);
  });

  it('close the connection for a PayloadTooLargeError that an application throws', async () => {
    const app = create();
    app.get('/it', () => {
      throw new PayloadTooLargeError('At most 5 files');
    });
    app.use(errorHandler({ logger: recordingLogger() }));
    const response = await request(app).get('/it').expect(413);
    expect(response.headers.connection).toBe('close');
    expect(response.body).toMatchObject({ error: { message: 'At most 5 files' } });
  });
});

describe('wrong settings', () => {
  it('are refused by name', () => {
    expect(() => methodNotAllowed('get')).toThrow(/methodNotAllowed must be methods in capitals/);
    expect(() => methodNotAllowed()).toThrow(/name the methods/);
    expect(() => bodyLimit({ maxBytes: -1 })).toThrow(/bodyLimit\.maxBytes must be a whole number/);
    expect(() => errorHandler({ logger: recordingLogger(), type: 'html' as 'problem' })).toThrow(
      /errorHandler\.type must be one of envelope, problem/,
    );
  });
});
