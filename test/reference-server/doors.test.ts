import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import pg from 'pg';
import request, { type Test } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../support/example-sources.js';
import { freePort, launch, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';

type Method = 'get' | 'post' | 'patch' | 'delete';

const NO_DATABASE = 'postgres://nobody@127.0.0.1:1/none';
const GOOD_ORIGIN = 'https://shop.example';

let server: ReferenceServer;
let client: pg.Client;
// Hashing a password is meant to take long: most tests share one login.
let token: string;

beforeAll(async () => {
  const database = await seededDatabase();
  server = await launch({
    env: { DATABASE_URL: database.url, RATE_LIMIT_MAX: '10000', CORS_ORIGINS: GOOD_ORIGIN, TRUST_PROXY: '127.0.0.1' },
  });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  ({ token } = await login());
  return async () => {
    await client.end();
    await database.drop();
  };
});

afterAll(() => server.stop());

const call = (method: Method, path: string, token?: string): Test => {
  const asked = request(server.url)[method](`/api${path}`);
  return token === undefined ? asked : asked.set('Authorization', `Bearer ${token}`);
};

async function login(email = 'test@example.com'): Promise<{ token: string; refreshToken: string }> {
  const { body } = await call('post', '/auth/login').send({ email, password: 'test123' }).expect(200);
  return body as { token: string; refreshToken: string };
}

const lines = (message: string) => server.logLines().filter(({ msg }) => msg === message);

describe('an API key', () => {
  it('is shown once, opens the API for its client, is kept as a digest, and is revoked at once (SEC-04)', async () => {
    const { body: made } = await call('post', '/api-keys', token).send({ name: 'nightly import' }).expect(201);
    const key = made.key as string;
    expect(made).toMatchObject({ name: 'nightly import', prefix: key.slice(0, 12), revokedAt: null });
    const { body: listed } = await call('get', '/api-keys', token).expect(200);
    expect(JSON.stringify(listed)).toContain(made.prefix);
    expect(JSON.stringify(listed)).not.toContain(key);

    await call('get', '/projects', key).expect(200);
    await call('get', '/users').set('X-API-Key', key).expect(200);
    await expect
      .poll(() => server.logLines('access.log').some(({ clientId }) => clientId === made.clientId))
      .toBe(true);
    // A key that leaked must not make others.
    await call('get', '/api-keys', key).expect(401);

    const { rows } = await client.query('SELECT * FROM api_keys');
    expect(JSON.stringify(rows)).not.toContain(key);
    await call('delete', `/api-keys/${String(made.id)}`, token).expect(204);
    const refused = await call('get', '/projects', key).expect(401);
    expect(refused.body.error.message).toBe('Invalid token');
    expect(lines('API key was used after it was revoked')).toMatchObject([
      { level: 'warn', apiKey: `${key.slice(0, 12)}...`, clientId: made.clientId },
    ]);
    expect(server.output()).not.toContain(key);
  });

  it('can be replaced for the same client, by its owner and nobody else', async () => {
    const other = await login('ada@example.com');
    const first = await call('post', '/api-keys', token).send({ name: 'one' }).expect(201);
    const { clientId, id } = first.body as { clientId: string; id: string };
    const second = await call('post', '/api-keys', token).send({ name: 'two', clientId }).expect(201);
    expect(second.body.clientId).toBe(clientId);
    await call('post', '/api-keys', other.token).send({ name: 'mine now', clientId }).expect(404);
    await call('delete', `/api-keys/${id}`, other.token).expect(404);
    expect((await call('get', '/api-keys', other.token).expect(200)).body.data).toEqual([]);
  });

  it('is listed in pages, however many were made and revoked before (DB-12)', async () => {
    const { token: adas } = await login('ada@example.com');
    const { body: own } = await call('post', '/api-keys', adas).send({ name: 'the first' }).expect(201);
    await client.query(
      `INSERT INTO api_keys (user_id, client_id, name, prefix, digest, revoked_at)
       SELECT user_id, client_id, 'old', 'old', 'old ' || n, now() FROM api_keys, generate_series(1, 101) AS n WHERE id = $1`,
      [own.id],
    );
    const { body: first } = await call('get', '/api-keys', adas).expect(200);
    expect([first.data.length, first.hasNext]).toEqual([100, true]);
    const { body: second } = await call('get', `/api-keys?cursor=${String(first.nextCursor)}`, adas).expect(200);
    expect([second.data.length, second.hasNext, second.nextCursor]).toEqual([2, false, null]);
    await call('get', '/api-keys?limit=101', adas).expect(400);
  });
});

describe('a refresh token', () => {
  const refresh = (refreshToken: string) => call('post', '/auth/refresh').send({ refreshToken });

  it('used twice ends its login, is audited, and leaves the other login of the user alone', async () => {
    const [stolen, other] = [await login('ada@example.com'), await login('ada@example.com')];
    const next = await refresh(stolen.refreshToken).expect(200);
    const again = await refresh(stolen.refreshToken).expect(401);
    expect(again.body.error.message).toBe('Invalid token');
    await refresh(next.body.refreshToken as string).expect(401);
    await refresh(other.refreshToken).expect(200);
    expect(lines('Refresh token used twice: all tokens of its login were ended').length).toBe(1);
    const { rows } = await client.query<{ phase: string; target_id: string }>(
      `SELECT phase, target_id FROM audit_logs WHERE action = 'auth.refresh_reused' ORDER BY id`,
    );
    expect(rows).toEqual(['attempted', 'succeeded'].map((phase) => ({ phase, target_id: '123' })));
  });

  it('is worth nothing after logging out, and is traded by one of many at the same time before', async () => {
    const { refreshToken: first } = await login();
    const { body } = await refresh(first).expect(200);
    const { refreshToken } = body as { refreshToken: string };
    await call('post', '/auth/logout').send({ refreshToken }).expect(401);
    await call('post', '/auth/logout', token).send({ refreshToken }).expect(204);
    await refresh(refreshToken).expect(401);
    const { refreshToken: other } = await login();
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(other)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
  });
});

describe('the audit log', () => {
  it('has who did what, attempted and succeeded, and cannot be changed (SEC-12)', async () => {
    await call('post', '/projects', token).set('X-Request-ID', 'audited-1').send({ name: 'Quay' }).expect(201);
    await call('delete', '/projects/999999', token).set('X-Request-ID', 'audited-2').expect(404);
    const { rows } = await client.query(
      `SELECT action, phase, user_id, request_id FROM audit_logs WHERE request_id LIKE 'audited-%' ORDER BY id`,
    );
    expect(rows.map((row: Record<string, string>) => Object.values(row).join(' '))).toEqual([
      'project.create attempted 1 audited-1',
      'project.create succeeded 1 audited-1',
      'project.delete attempted 1 audited-2',
      'project.delete failed 1 audited-2',
    ]);
    for (const change of ["UPDATE audit_logs SET action = 'x'", 'DELETE FROM audit_logs', 'TRUNCATE audit_logs']) {
      await expect(client.query(change)).rejects.toThrow(/append-only/);
    }
  });

  it('may forget what is older than seven years, and nothing younger (SEC-12)', async () => {
    const old = (age: string) =>
      client.query(
        `INSERT INTO audit_logs (event_id, phase, action, created_at)
         VALUES (gen_random_uuid(), 'attempted', 'old', now() - $1::interval)`,
        [age],
      );
    await old('7 years 1 day');
    expect((await client.query(`DELETE FROM audit_logs WHERE action = 'old'`)).rowCount).toBe(1);
    await old('6 years 364 days');
    await expect(client.query(`DELETE FROM audit_logs WHERE action = 'old'`)).rejects.toThrow(/append-only/);
  });

  it('tells reads in its channel, not in the table', async () => {
    await call('get', '/users/123', token).set('X-Request-ID', 'read-1').expect(200);
    const said = () =>
      server
        .output()
        .split('\n')
        .filter((line) => line.includes('"read-1"') && line.includes('audit'));
    await expect.poll(() => said().length).toBe(2);
    expect(JSON.parse(said()[1] ?? '{}')).toMatchObject({ action: 'user.read', phase: 'succeeded', userId: '1' });
    expect((await client.query(`SELECT FROM audit_logs WHERE request_id = 'read-1'`)).rowCount).toBe(0);
  });
});

describe('logging in', () => {
  it('is refused after five failures, also when all come at once, with one line each (SEC-16, LOG-36)', async () => {
    const attempt = () =>
      call('post', '/auth/login')
        .set('X-Forwarded-For', '203.0.113.5')
        .send({ email: 'ada@example.com', password: 'wrong' });
    const before = lines('login failed').length;
    const answers = await Promise.all(Array.from({ length: 6 }, attempt));
    expect(answers.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429]);
    expect(Number(answers.find(({ status }) => status === 429)?.headers['retry-after'])).toBeGreaterThan(600);
    await expect.poll(() => lines('login failed').length - before).toBe(6);
  });
});

it('signing in with Google is not there unless it is configured (SEC-21, CFG-25)', async () => {
  await call('get', '/auth/google').expect(404);
  await call('get', '/auth/google/callback?code=a&state=b').expect(404);
});

describe('a browser', () => {
  it('of a listed origin may read answers and their ids; of another it gets no header (SEC-08, CFG-26)', async () => {
    const good = await call('get', '/users').set('Origin', GOOD_ORIGIN).expect(401);
    expect(good.headers['access-control-allow-origin']).toBe(GOOD_ORIGIN);
    expect(good.headers['access-control-expose-headers']).toContain('X-Request-ID');
    const other = await call('get', '/users').set('Origin', 'https://evil.example').expect(401);
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    const preflight = await request(server.url)
      .options('/api/users')
      .set({ Origin: GOOD_ORIGIN, 'Access-Control-Request-Method': 'GET' })
      .expect(204);
    expect(preflight.headers['access-control-max-age']).toBe('600');
  });

  it('gets answers compressed as it can take them', async () => {
    const raw = async (encodings: string): Promise<[string | undefined, Buffer]> => {
      const asked = httpGet(`${server.url}/api-docs/openapi.json`, { headers: { 'Accept-Encoding': encodings } });
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      return [answer.headers['content-encoding'], Buffer.concat(await answer.toArray())];
    };
    const [none, plain] = await raw('identity');
    const [brotli, small] = await raw('gzip, br');
    const [gzip, zipped] = await raw('gzip');
    expect([none, brotli, gzip]).toEqual([undefined, 'br', 'gzip']);
    expect(brotliDecompressSync(small).equals(plain)).toBe(true);
    expect(gunzipSync(zipped).equals(plain)).toBe(true);
    expect(small.length).toBeLessThan(plain.length / 2);
  });

  it('gets the first event of a stream while the stream goes on', async () => {
    const asked = httpGet(`${server.url}/dev/events?ms=60000`, { headers: { 'Accept-Encoding': 'br, gzip' } });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const [chunk] = (await once(answer, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('data: first\n\n');
    asked.destroy();
  });
});

it('a server over HTTPS alone, with a port for its people, says so to everybody else (SEC-09, SEC-20)', async () => {
  const opsPort = await freePort();
  const google = { GOOGLE_CLIENT_ID: 'an-id', GOOGLE_CLIENT_SECRET: 'a-secret-of-google' };
  const env = { DATABASE_URL: NO_DATABASE, HTTPS_HOST: 'api.example.com', TRUST_PROXY: '127.0.0.1' };
  const strict = await launch({
    env: { ...env, OPS_PORT: String(opsPort), OPS_TOKEN: 'a-token-of-the-house', ...google },
  });
  const people = `http://127.0.0.1:${opsPort}`;
  try {
    const { headers } = await request(strict.url).get('/api/users').expect(308);
    expect(headers.location).toBe('https://api.example.com/api/users');
    await request(strict.url).post('/api/auth/login').send({}).expect(403);
    await request(strict.url).get('/health/live').expect(200);
    const secure = await request(strict.url).get('/api/users').set('X-Forwarded-Proto', 'https').expect(401);
    expect(secure.headers['strict-transport-security']).toBeDefined();
    await request(strict.url).get('/api-docs').set('X-Forwarded-Proto', 'https').expect(404);
    const signIn = await request(strict.url).get('/api/auth/google').set('X-Forwarded-Proto', 'https').expect(302);
    expect(signIn.headers.location).toMatch(/^https:\/\/accounts\.google\.com\/.*[?&]client_id=an-id&/);
    expect(signIn.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
    await request(strict.url).get('/ops').set('X-Forwarded-Proto', 'https').expect(404);
    await request(people).get('/ops/snapshot').expect(401);
    await request(people).get('/ops/snapshot').set('Authorization', 'Bearer a-token-of-the-house').expect(200);
    const failed = await request(strict.url)
      .post('/api/auth/login')
      .set('X-Forwarded-Proto', 'https')
      .send({ email: 'ada@example.com', password: 'test1234' });
    expect(failed.status).toBe(503);
    const seen = await request(people).get('/ops/snapshot').set('Authorization', 'Bearer a-token-of-the-house');
    const { errors } = (seen.body as { sections: { errors: { request?: { route?: string } }[] } }).sections;
    expect(errors.map((error) => error.request?.route)).toContain('/api/auth/login');
    await request(people).get('/api-docs/openapi.json').expect(401);
    await request(people).get('/api-docs/openapi.json').set('Authorization', 'Bearer a-token-of-the-house').expect(200);
  } finally {
    expect(await strict.stop()).toBe(0);
  }
});

it('every route of the API but login and refresh asks who is calling, in every profile (X-64, SEC-17)', async () => {
  const asked = await Promise.all(Object.keys(PROFILES).map(openRoutes));
  expect(asked.map(({ open }) => open)).toEqual(asked.map(() => ['post /auth/login', 'post /auth/refresh']));
  expect(Math.min(...asked.map(({ routes }) => routes))).toBeGreaterThan(10);
});

/** Those of its own document that a service answers to somebody without a credential, and how many it has. */
async function openRoutes(profile: string): Promise<{ open: string[]; routes: number }> {
  const service = await launch({
    env: { OPS_PROFILE: profile, DATABASE_URL: NO_DATABASE, OPS_TOKEN: 'a-house-token' },
  });
  try {
    await request(service.url).get('/api-docs/openapi.json').expect(401);
    const { body } = await request(service.url)
      .get('/api-docs/openapi.json')
      .set('Authorization', 'Bearer a-house-token')
      .expect(200);
    const { paths, servers } = body as { paths: Record<string, object>; servers: [{ url: string }] };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method as Method, path] as const),
    );
    const open: string[] = [];
    for (const [method, path] of routes) {
      const url = `${servers[0].url === '/' ? '' : servers[0].url}${path.replace('{id}', '7')}`;
      const { status } = await request(service.url)[method](url);
      if (status !== 401) open.push(`${method} ${path}`);
    }
    return { open, routes: routes.length };
  } finally {
    await service.stop();
  }
}
