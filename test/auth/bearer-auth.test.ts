import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { SignJWT, type JWTPayload } from 'jose';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { bearerAuth, correlationId, errorHandler, getContext, principalOf, type Authenticator } from 'express-runbook';
import { createTokenIssuer, type TokenIssuerOptions } from 'express-runbook/auth';
import { fakeClock } from 'express-runbook/testing';
import { listening, rawExchange } from '../support/raw-exchange.js';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const SECRET = 'current-secret-of-at-least-32-bytes-1';
const PREVIOUS = 'previous-secret-of-at-least-32-bytes';
const NOW = Date.UTC(2026, 10, 22);

const MISSING = ['Missing or invalid authorization header', 'Bearer'];
const INVALID = ['Invalid token', 'Bearer error="invalid_token"'];
const EXPIRED = ['Token expired', 'Bearer error="invalid_token"'];

function signed(claims: JWTPayload, { secret = SECRET, alg = 'HS256', ...header }: Record<string, unknown> = {}) {
  const seconds = NOW / 1000;
  return new SignJWT({ use: 'access', sub: '7', iat: seconds, exp: seconds + 60, ...claims })
    .setProtectedHeader({ alg: String(alg), ...header })
    .sign(new TextEncoder().encode(String(secret)));
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const CLAIMS = { use: 'access', sub: '7', exp: NOW / 1000 + 60 };

/** Signed with HMAC, its key being the text of a public key: what a verifier that believes the header's `alg` accepts. */
function confused(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const content = `${encoded({ alg: 'HS256' })}.${encoded(CLAIMS)}`;
  return `${content}.${createHmac('sha256', pem).update(content).digest('base64url')}`;
}

describe.each(EXPRESS_MAJORS)('bearerAuth on %s', (_label, create) => {
  function guarded(options: Partial<TokenIssuerOptions> = {}, more: readonly Authenticator[] = []) {
    const clock = fakeClock(NOW);
    const registry = new Registry();
    const logger = recordingLogger();
    const tokens = createTokenIssuer({ secret: SECRET, previousSecret: PREVIOUS, now: clock.now, ...options });
    const app = create();
    app.use(correlationId());
    app.get('/', bearerAuth({ authenticators: [tokens.authenticator, ...more], registry }), (req, res) => {
      res.json({ principal: principalOf(req), context: getContext() });
    });
    app.use(errorHandler({ logger }));
    const call = async (header?: string) => {
      const asked = request(app).get('/');
      return header === undefined ? asked : asked.set('Authorization', header);
    };
    return { app, call, clock, tokens, registry, lines: logger.lines };
  }

  it('makes one principal of a token, known to the handler and to log lines (SEC-01, X-65)', async () => {
    const { call, tokens } = guarded();
    const { accessToken } = await tokens.issue({ userId: '7', clientId: 'acme' });
    const { status, body } = await call(`Bearer ${accessToken}`);
    expect(status).toBe(200);
    expect(body.principal).toEqual({ userId: '7', clientId: 'acme' });
    expect(body.context).toMatchObject({ userId: '7', clientId: 'acme' });
  });

  it.each<[string, string | undefined, string[]]>([
    ['no header', undefined, MISSING],
    ['an empty one', '', MISSING],
    ['the scheme alone', 'Bearer', MISSING],
    ['another scheme', 'Basic dGVzdDp0ZXN0', MISSING],
    ['the scheme in lower case and two spaces', 'bearer  x', MISSING],
    ['a space inside', 'Bearer a b', MISSING],
    ['bytes that no token has', 'Bearer \u00e9\u00e9', MISSING],
    ['garbage', 'Bearer garbage', INVALID],
    ['garbage in three parts', 'Bearer a.b.c', INVALID],
    ['five parts, as an encrypted token has', 'Bearer a.b.c.d.e', INVALID],
    ['more than 8192 characters', `Bearer ${'a'.repeat(8193)}`, INVALID],
  ])('answers 401 to %s, with its text and WWW-Authenticate (ERR-15, S51, S52)', async (_what, header, expected) => {
    const { call, lines } = guarded();
    const { status, body, headers } = await call(header);
    expect([status, body.error.message, headers['www-authenticate']]).toEqual([401, ...expected]);
    expect(body.error.code).toBe(401);
    expect(lines.length).toBe(1);
    if (header !== undefined && header.length > 10) expect(JSON.stringify(lines)).not.toContain(header.slice(8));
  });

  it.each<[string, () => string | Promise<string>, string[]]>([
    ['without a signature', () => `${encoded({ alg: 'none' })}.${encoded(CLAIMS)}.`, INVALID],
    ['signed with the public key of another scheme', confused, INVALID],
    ['of another algorithm', () => signed({}, { alg: 'HS512' }), INVALID],
    ['of another secret', () => signed({}, { secret: 'a-secret-that-nobody-ever-used-here-1' }), INVALID],
    ['whose kid leads to a file', () => signed({}, { kid: '../../dev/null', secret: 'x'.repeat(32) }), INVALID],
    ['that is a refresh token', () => signed({ use: 'refresh' }), INVALID],
    ['of nobody', () => signed({ sub: undefined }), INVALID],
    ['of a user that is no text', () => signed({ sub: 7 as unknown as string }), INVALID],
    ['without an end', () => signed({ exp: undefined }), INVALID],
    ['that is not good yet', () => signed({ nbf: NOW / 1000 + 30 }), INVALID],
    ['that has expired', () => signed({ exp: NOW / 1000 - 1 }), EXPIRED],
    ['that has expired, of the previous secret', () => signed({ exp: 1 }, { secret: PREVIOUS }), EXPIRED],
    ['that has expired, of another secret', () => signed({ exp: 1 }, { secret: 'y'.repeat(32) }), INVALID],
  ])('refuses a token %s (S52, ERR-15)', async (_what, make, expected) => {
    const { call } = guarded();
    const { status, body, headers } = await call(`Bearer ${await make()}`);
    expect([status, body.error.message, headers['www-authenticate']]).toEqual([401, ...expected]);
  });

  it('takes tokens of the previous secret until they expire (SEC-13)', async () => {
    const { call } = guarded();
    expect((await call(`Bearer ${await signed({}, { secret: PREVIOUS })}`)).status).toBe(200);
  });

  it('ignores what a header says of its key: kid is neither path nor address (S52)', async () => {
    const { call } = guarded();
    const header = { kid: 'http://127.0.0.1:1/keys', jku: 'http://127.0.0.1:1/keys' };
    expect((await call(`Bearer ${await signed({}, header)}`)).status).toBe(200);
  });

  it('asks for issuer and audience where they are set (S52)', async () => {
    const { call, tokens } = guarded({ issuer: 'https://id.example', audience: 'orders' });
    const { accessToken } = await tokens.issue({ userId: '7' });
    expect((await call(`Bearer ${accessToken}`)).status).toBe(200);
    for (const claims of [
      {},
      { iss: 'https://id.example', aud: 'mail' },
      { iss: 'https://evil.example', aud: 'orders' },
    ]) {
      expect((await call(`Bearer ${await signed(claims)}`)).status).toBe(401);
    }
  });

  it('bears as much difference of clocks as it is told, to the second (S52)', async () => {
    const strict = guarded({ lifetimeSeconds: 60 });
    const lenient = guarded({ lifetimeSeconds: 60, leewaySeconds: 60 });
    for (const [{ call, tokens, clock }, endsAfter] of [[strict, 60] as const, [lenient, 120] as const]) {
      const { accessToken } = await tokens.issue({ userId: '7' });
      clock.advance(endsAfter * 1000 - 1000);
      expect((await call(`Bearer ${accessToken}`)).status).toBe(200);
      clock.advance(1000);
      expect((await call(`Bearer ${accessToken}`)).body.error.message).toBe('Token expired');
    }
  });

  it('refuses two credentials, whichever of them is good, and one in the query string (S51)', async () => {
    const { app, tokens } = guarded();
    const { accessToken } = await tokens.issue({ userId: '7' });
    const server = createServer(app);
    try {
      const port = await listening(server);
      const good = `Authorization: Bearer ${accessToken}\r\n`;
      const answerTo = (headers: string) =>
        rawExchange(port, `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${headers}\r\n`);
      expect(await answerTo(good)).toMatch(/^HTTP\/1.1 200 /);
      for (const more of ['Authorization: Bearer x\r\n', 'X-API-Key: x\r\n']) {
        expect(await answerTo(good + more)).toMatch(/^HTTP\/1.1 401 /);
      }
    } finally {
      server.close();
    }
    await request(app).get(`/?token=${accessToken}`).expect(401);
    await request(app).get('/').set('X-API-Key', 'a, b').expect(401);
  });

  it('takes any credential that an authenticator of the service knows (X-65)', async () => {
    const badge: Authenticator = {
      recognises: (credential) => credential.startsWith('badge-'),
      authenticate: (credential) =>
        credential === 'badge-down'
          ? Promise.reject(new Error('away'))
          : Promise.resolve({ clientId: credential.slice(6) }),
    };
    const { call, app, registry } = guarded({}, [badge]);
    expect((await call('Bearer badge-9')).body.principal).toEqual({ clientId: '9' });
    const { body } = await request(app).get('/').set('X-API-Key', 'badge-9').expect(200);
    expect(body.context.clientId).toBe('9');
    expect((await call('Bearer badge-down')).status).toBe(500);
    await call();
    expect(await registry.metrics()).toContain('authentications_total{result="accepted"} 2');
    expect(await registry.metrics()).toContain('authentications_total{result="failed"} 1');
    expect(await registry.metrics()).toContain('authentications_total{result="missing"} 1');
  });
});

describe('a door without a guard', () => {
  it('is a mistake that shows: principalOf() of an open route throws', () => {
    expect(() => principalOf(new IncomingMessage(new Socket()))).toThrow(/no bearerAuth/);
  });

  it.each<[string, () => unknown, string]>([
    ['no authenticators', () => bearerAuth({ authenticators: [] }), 'bearerAuth.authenticators'],
    ['an empty secret', () => createTokenIssuer({ secret: '' }), 'createTokenIssuer.secret'],
    ['a short secret', () => createTokenIssuer({ secret: 'short' }), 'createTokenIssuer.secret'],
    ['no secret', () => createTokenIssuer({} as TokenIssuerOptions), 'createTokenIssuer.secret'],
    [
      'more than 60 s of leeway',
      () => createTokenIssuer({ secret: SECRET, leewaySeconds: 61 }),
      'createTokenIssuer.leewaySeconds',
    ],
    [
      'one secret for both kinds of token',
      () => createTokenIssuer({ secret: SECRET, refresh: { secret: SECRET, store: {} as never } }),
      'createTokenIssuer.refresh.secret',
    ],
  ])('is refused at the start: %s (S51, CFG-21)', (_what, make, option) => {
    expect(make).toThrow(option);
    expect(make).not.toThrow(/short"|current-secret/);
  });
});
