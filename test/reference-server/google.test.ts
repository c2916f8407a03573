import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import express, { type Router } from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorHandler } from 'express-runbook';
import { fromExample } from '../support/example-sources.js';
import { listening } from '../support/raw-exchange.js';
import { recordingLogger } from '../support/recording-logger.js';

const { googleRoutes } = (await fromExample('auth/google.ts')) as { googleRoutes: (parts: object) => Router };
const CLIENT_ID = 'an-id.apps.example';

/** What Google would answer for a code: it checks the verifier as PKCE says, and tells who signed in. */
let google: Server;
let tokenUrl: string;
let challenge = '';
let claims: Record<string, unknown> = {};
let asked: URLSearchParams[] = [];

beforeAll(async () => {
  const app = express();
  app.post('/broken', (_req, res) => void res.status(502).send('<h1>Bad gateway</h1>'));
  app.post('/unreadable', (_req, res) => void res.send('<h1>Come later</h1>'));
  app.post('/token', express.urlencoded(), (req, res) => {
    const form = new URLSearchParams(req.body as Record<string, string>);
    asked.push(form);
    const verified = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (form.get('code') !== 'good' || verified !== challenge) res.status(400).json({ error: 'invalid_grant' });
    else res.json({ id_token: `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x` });
  });
  google = createServer(app);
  tokenUrl = `http://127.0.0.1:${await listening(google)}/token`;
});
afterAll(() => void google.close());
beforeEach(() => {
  asked = [];
});

function service(token = tokenUrl) {
  const logger = recordingLogger();
  const app = express();
  const parts = {
    google: { clientId: CLIENT_ID, clientSecret: 'a-secret-of-google' },
    logger,
    registry: new Registry(),
    userIdOfEmail: (email: string) => Promise.resolve(email === 'ada@example.com' ? '123' : undefined),
    loggedIn: (userId: string) => Promise.resolve({ userId }),
    endpoints: { authorize: 'https://accounts.google.com/o/oauth2/v2/auth', token },
  };
  app.use('/api/auth', googleRoutes(parts));
  app.use(errorHandler({ logger: recordingLogger() }));

  /** Goes to Google and comes back, as a browser does. */
  async function signIn(changes: { claims?: object; code?: string; cookie?: string; state?: string } = {}) {
    const there = await request(app).get('/api/auth/google').set('Host', 'api.example.com').expect(302);
    const question = new URL(String(there.headers.location)).searchParams;
    challenge = question.get('code_challenge') ?? '';
    const exp = Math.floor(Date.now() / 1000) + 60;
    const identity = { iss: 'https://accounts.google.com', aud: CLIENT_ID, exp, nonce: question.get('nonce') };
    claims = { ...identity, email: 'Ada@example.com', email_verified: true, ...changes.claims };
    const cookie = changes.cookie ?? String(there.headers['set-cookie']?.[0]).split(';')[0] ?? '';
    const state = changes.state ?? question.get('state') ?? '';
    const query = new URLSearchParams({ code: changes.code ?? 'good', state });
    return {
      question,
      answer: await request(app)
        .get(`/api/auth/google/callback?${query.toString()}`)
        .set({ Cookie: cookie, Host: 'api.example.com' }),
    };
  }
  return { signIn, lines: logger.lines };
}

describe('signing in with Google', () => {
  it('asks for an address alone and gives what a password gives (SEC-21, X-65)', async () => {
    const { signIn, lines } = service();
    const { question, answer } = await signIn();
    expect([answer.status, answer.body]).toEqual([200, { userId: '123' }]);
    expect(question.get('scope')).toBe('openid email');
    expect(question.get('code_challenge_method')).toBe('S256');
    expect(asked[0]?.get('redirect_uri')).toBe(question.get('redirect_uri'));
    expect(question.get('redirect_uri')).toBe('http://api.example.com/api/auth/google/callback');
    expect(lines.map(({ message }) => message)).toEqual(['login succeeded']);
  });

  it.each<[string, Parameters<ReturnType<typeof service>['signIn']>[0], string]>([
    ['without the cookie of the browser that began', { cookie: '' }, 'state of another browser'],
    ['with the cookie of another sign-in', { cookie: `google_sign_in=${'a'.repeat(43)}` }, 'state of another browser'],
    ['with a state that somebody made up', { state: 'b'.repeat(43) }, 'state of another browser'],
    ['with a code that Google does not know', { code: 'bad' }, 'google answered 400'],
    ['for another service', { claims: { aud: 'other' } }, 'id token of another sign-in'],
    ['of another issuer', { claims: { iss: 'https://evil.example' } }, 'id token of another sign-in'],
    ['of another time', { claims: { exp: 1 } }, 'id token of another sign-in'],
    ['with the nonce of another sign-in', { claims: { nonce: 'x' } }, 'id token of another sign-in'],
    ['whose address is not verified', { claims: { email_verified: false } }, 'id token without a verified address'],
    ['of somebody who is no user', { claims: { email: 'eve@example.com' } }, 'unknown user'],
  ])('%s is refused with one text and one line `login failed` (SEC-21, LOG-36)', async (_what, changes, reason) => {
    const { signIn, lines } = service();
    const { answer } = await signIn(changes);
    expect([answer.status, answer.body.error.message]).toEqual([401, 'Sign-in with Google failed']);
    expect(lines.map(({ message, fields }) => [message, fields.reason])).toEqual([['login failed', reason]]);
    if (reason.startsWith('state')) expect(asked).toEqual([]);
  });

  it.each([
    ['answers 502', () => new URL('/broken', tokenUrl).href],
    ['answers no JSON', () => new URL('/unreadable', tokenUrl).href],
    ['is not there', () => 'http://127.0.0.1:1/token'],
  ])('is 503 while Google %s, and nobody’s failed login', async (_what, token) => {
    const { signIn, lines } = service(token());
    const { answer } = await signIn();
    expect([answer.status, answer.body.error.message]).toEqual([503, 'Google cannot be asked']);
    expect(lines).toEqual([]);
  });
});
