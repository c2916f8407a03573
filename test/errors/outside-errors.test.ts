import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type express from 'express';
import { jwtVerify, SignJWT } from 'jose';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { errorHandler } from 'express-runbook';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

async function answered(create: typeof express, work: () => Promise<unknown>): Promise<request.Response> {
  const app = create();
  app.get('/it', (_req, _res, next) => {
    // Express 4 knows of no promise.
    work().then(() => undefined, next);
  });
  app.use(errorHandler({ logger: recordingLogger() }));
  return request(app).get('/it');
}

const KEY = new TextEncoder().encode('a secret of more than thirty-two bytes');

function token(expiresAt: number, key = KEY): Promise<string> {
  return new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(expiresAt).sign(key);
}

describe.each(EXPRESS_MAJORS)('a token that a library refuses, on %s', (_label, create) => {
  const later = Date.now() / 1000 + 60;
  it.each<[string, () => Promise<string>, string]>([
    ['is expired', () => token(1000), 'Token expired'],
    ['was signed with another key', () => token(later, KEY.toReversed()), 'Invalid token'],
    ['is no token', () => Promise.resolve('garbage'), 'Invalid token'],
    ['is signed by nobody', () => Promise.resolve('eyJhbGciOiJub25lIn0.e30.'), 'Invalid token'],
  ])('is a 401 with the text of the runbooks when it %s (ERR-15)', async (_what, made, text) => {
    const jwt = await made();
    const response = await answered(create, () => jwtVerify(jwt, KEY, { algorithms: ['HS256'] }));
    expect(response.status).toBe(401);
    expect(response.body).toEqual({ success: false, error: { code: 401, message: text } });
    expect(response.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  });

  it.each([
    ['TokenExpiredError', 'Token expired'],
    ['JsonWebTokenError', 'Invalid token'],
    ['NotBeforeError', 'Invalid token'],
  ])('is known by the name that jsonwebtoken gives it, %s (ERR-15)', async (name, text) => {
    const response = await answered(create, () => Promise.reject(Object.assign(new Error('jwt: inside'), { name })));
    expect(response.status).toBe(401);
    expect(response.body).toMatchObject({ error: { message: text } });
  });
});

describe.each(EXPRESS_MAJORS)('a call to another service, on %s', (_label, create) => {
  /** A port that nobody listens on any more. */
  async function closedPort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }

  it('that is refused is a 502 without its address', async () => {
    const port = await closedPort();
    const response = await answered(create, () => fetch(`http://127.0.0.1:${port}/`));
    expect(response.status).toBe(502);
    expect(response.body).toEqual({ success: false, error: { code: 502, message: 'Bad gateway' } });
  });

  it('that never answers is a 504 once its time-out cuts it', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const response = await answered(create, () =>
      fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(20) }),
    );
    expect(response.status).toBe(504);
    expect(response.body).toEqual({ success: false, error: { code: 504, message: 'Gateway timeout' } });
    silent.close();
  });

  it('that somebody gave up is a 503', async () => {
    const response = await answered(create, () => fetch('http://127.0.0.1:1/', { signal: AbortSignal.abort() }));
    expect(response.status).toBe(503);
  });

  it('is not what any other TypeError is about', async () => {
    const response = await answered(create, () => Promise.reject(new TypeError('fetch is not a function')));
    expect(response.status).toBe(500);
  });
});
