import { SignJWT } from 'jose';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';

const SECRET = 'current-secret-of-at-least-32-characters';
const PREVIOUS_SECRET = 'previous-secret-of-at-least-32-characters';

let server: ReferenceServer;
let token: string;

beforeAll(async () => {
  const database = await seededDatabase();
  server = await launch({
    env: {
      DATABASE_URL: database.url,
      LOG_LEVEL: 'debug',
      RATE_LIMIT_MAX: '10000',
      JWT_SECRET: SECRET,
      JWT_SECRET_PREVIOUS: PREVIOUS_SECRET,
    },
  });
  token = await login('test@example.com', 'test123');
  return database.drop;
});

afterAll(() => server.stop());

async function login(email: string, password: string): Promise<string> {
  const response = await request(server.url).post('/api/auth/login').send({ email, password }).expect(200);
  return response.body.token as string;
}

function api(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string) {
  return request(server.url)[method](path).set('Authorization', `Bearer ${token}`);
}

describe('logging in', () => {
  it('gives an access and a refresh token for 7 and 30 days (API-03, SEC-02, SEC-03)', async () => {
    const { body } = await request(server.url)
      .post('/api/auth/login')
      .send({ email: 'test@example.com', password: 'test123' })
      .expect(200);
    expect(lifetime(body.accessToken)).toBe(604_800);
    expect(lifetime(body.refreshToken)).toBe(2_592_000);
    expect(body.token).toBe(body.accessToken);
  });

  it.each([
    ['a wrong password', { email: 'test@example.com', password: 'wrong' }],
    ['an unknown user', { email: 'nobody@example.com', password: 'test123' }],
  ])('refuses %s with one text and one line `login failed` (LOG-36)', async (_what, credentials) => {
    const before = failures();
    const { body } = await request(server.url).post('/api/auth/login').send(credentials).expect(401);
    expect(body.error).toEqual({ code: 401, message: 'Invalid email or password' });
    expect(failures()).toBe(before + 1);
  });

  it('logs a success with the user and no secret (LOG-37)', () => {
    const line = server.logLines().find((one) => one.msg === 'login succeeded');
    expect(line).toMatchObject({ level: 'info', userId: '1' });
    expect(JSON.stringify(server.logLines())).not.toContain('test123');
  });

  it('trades a refresh token, and nothing else, for new tokens (API-03)', async () => {
    const first = await request(server.url)
      .post('/api/auth/login')
      .send({ email: 'test@example.com', password: 'test123' });
    const { body } = await request(server.url)
      .post('/api/auth/refresh')
      .send({ refreshToken: first.body.refreshToken })
      .expect(200);
    await request(server.url).get('/api/users').set('Authorization', `Bearer ${body.token}`).expect(200);
    await request(server.url).post('/api/auth/refresh').send({ refreshToken: first.body.accessToken }).expect(401);
  });

  function failures(): number {
    return server.logLines().filter((line) => line.msg === 'login failed').length;
  }
});

describe('every other route', () => {
  it.each([
    [undefined, 'Missing or invalid authorization header'],
    ['Basic dGVzdDp0ZXN0', 'Missing or invalid authorization header'],
    ['Bearer', 'Missing or invalid authorization header'],
    ['Bearer garbage', 'Invalid token'],
    ['Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.', 'Invalid token'],
  ])('answers 401 to %s with "%s" (ERR-15)', async (header, message) => {
    const call = request(server.url).get('/api/users');
    if (header !== undefined) call.set('Authorization', header);
    const { body } = await call.expect(401);
    expect(body.error).toEqual({ code: 401, message });
  });
});

describe('a token', () => {
  const signed = (secret: string, expiresAt: string): Promise<string> =>
    new SignJWT({ use: 'access' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('1')
      .setIssuedAt()
      .setExpirationTime(expiresAt)
      .sign(new TextEncoder().encode(secret));
  const answerTo = async (jwt: string): Promise<[number, string | undefined]> => {
    const { status, body } = await request(server.url).get('/api/users').set('Authorization', `Bearer ${jwt}`);
    return [status, body.error?.message as string | undefined];
  };

  it('of the secret before the rotation is still good (SEC-13)', async () => {
    expect(await answerTo(await signed(PREVIOUS_SECRET, '1h'))).toEqual([200, undefined]);
  });

  it('that has expired is called so, whichever of the two signed it (ERR-15)', async () => {
    expect(await answerTo(await signed(SECRET, '-1s'))).toEqual([401, 'Token expired']);
    expect(await answerTo(await signed(PREVIOUS_SECRET, '-1s'))).toEqual([401, 'Token expired']);
  });

  it('of another secret is invalid, expired or not (ERR-15)', async () => {
    for (const expiresAt of ['1h', '-1s']) {
      expect(await answerTo(await signed('a-secret-that-nobody-has-ever-used-here', expiresAt))).toEqual([
        401,
        'Invalid token',
      ]);
    }
  });
});

describe('users', () => {
  it('are listed without their passwords (API-01)', async () => {
    const { body } = await api('get', '/api/users').expect(200);
    expect(body.data.map((user: { id: string }) => user.id)).toEqual(['1', '123']);
    expect(JSON.stringify(body)).not.toMatch(/password|scrypt/);
  });

  it('are found by id, 123 among them (API-01)', async () => {
    const { body } = await api('get', '/api/users/123').expect(200);
    expect(body).toMatchObject({ id: '123', email: 'ada@example.com' });
  });

  it('are not found by an id that nobody has, and not by a text', async () => {
    const missing = await api('get', '/api/users/999').expect(404);
    expect(missing.body.error.message).toBe('User not found');
    await api('get', `/api/users/${encodeURIComponent("' OR 1=1 --")}`).expect(400);
  });
});

describe('projects', () => {
  it('are created, changed, and gone after a soft delete (API-02)', async () => {
    const created = await api('post', '/api/projects').send({ name: 'Harbour bridge' }).expect(201);
    expect(created.body).toMatchObject({ name: 'Harbour bridge', status: 'active', description: '' });
    const path = `/api/projects/${String(created.body.id)}`;
    const changed = await api('patch', path).send({ status: 'completed' }).expect(200);
    expect(changed.body).toMatchObject({ name: 'Harbour bridge', status: 'completed' });
    await api('delete', path).expect(204);
    await api('get', path).expect(404);
    await api('delete', path).expect(404);
  });

  it('belong to one user', async () => {
    const created = await api('post', '/api/projects').send({ name: 'Mine' }).expect(201);
    const ada = await login('ada@example.com', 'test123');
    await request(server.url)
      .get(`/api/projects/${String(created.body.id)}`)
      .set('Authorization', `Bearer ${ada}`)
      .expect(404);
    await api('delete', `/api/projects/${String(created.body.id)}`);
  });

  it('come in pages by cursor, each once (DB-12)', async () => {
    const seen: string[] = [];
    let path = '/api/projects?limit=5';
    for (let pages = 0; pages < 10; pages++) {
      const { body } = await api('get', path).expect(200);
      seen.push(...body.data.map((project: { id: string }) => project.id));
      if (body.nextCursor === null) break;
      path = `/api/projects?limit=5&cursor=${String(body.nextCursor)}`;
    }
    expect(seen.length).toBe(12);
    expect(new Set(seen).size).toBe(12);
  });

  it('come in pages by offset too (DB-12)', async () => {
    const all = await api('get', '/api/projects').expect(200);
    const page = await api('get', '/api/projects?limit=3&offset=4').expect(200);
    expect(page.body.data).toEqual(all.body.data.slice(4, 7));
  });

  it('are filtered by status', async () => {
    const { body } = await api('get', '/api/projects?status=on_hold').expect(200);
    expect(body.data.length).toBeGreaterThan(0);
    expect(body.data.every((project: { status: string }) => project.status === 'on_hold')).toBe(true);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1e9',
    'limit=NaN',
    'limit=0x10',
    'limit=1;drop',
    'limit=5&limit=6',
    'status=gone',
  ])('refuse ?%s with 400', async (queryString) => {
    const { body } = await api('get', `/api/projects?${queryString}`).expect(400);
    expect(body.success).toBe(false);
  });

  it.each([
    ['a number as name', { name: 5 }],
    ['an empty name', { name: ' ' }],
    ['an unknown status', { name: 'x', status: 'gone' }],
    ['a list', []],
    ['nothing', undefined],
  ])('refuse %s with 400 and a readable line', async (_what, project) => {
    const { body } = await api('post', '/api/projects').send(project).expect(400);
    expect(body.error.message).toMatch(/^[^\n]+$/);
  });
});

describe('bad requests', () => {
  it.each([
    ['malformed JSON', '{"name": "x", "password": "hunter2"', 400],
    ['an oversized body', JSON.stringify({ name: 'x'.repeat(110_000) }), 413],
  ])('%s get the envelope and no internals (ERR-17)', async (_what, text, status) => {
    const { body } = await api('post', '/api/projects')
      .set('Content-Type', 'application/json')
      .send(text)
      .expect(status);
    expect(body).toMatchObject({ success: false, error: { code: status } });
    expect(JSON.stringify(body)).not.toMatch(/hunter2|SyntaxError|node_modules|\.js:/);
    expect(JSON.stringify(server.logLines())).not.toContain('hunter2');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded'])('a body of type %s gets 415 (ERR-17)', async (type) => {
    const { body } = await api('post', '/api/projects').set('Content-Type', type).send('name=x').expect(415);
    expect(body).toMatchObject({ success: false, error: { code: 415 } });
  });

  it('a refusal for want of a token is counted for the route that was asked (MET-12)', async () => {
    await request(server.url).patch('/api/projects/7').expect(401);
    const scraped = async () => (await request(server.url).get('/metrics')).text;
    await expect
      .poll(scraped)
      .toContain('http_requests_total{method="PATCH",endpoint="/api/projects/:id",status="401"} 1');
  });

  it.each([
    ['delete', '/api/users', 'GET, HEAD, OPTIONS'],
    ['put', '/api/projects/7', 'GET, PATCH, DELETE, HEAD, OPTIONS'],
    ['get', '/api/auth/login', 'POST, OPTIONS'],
  ] as const)('%s %s gets 405 and hears which methods there are', async (method, path, allowed) => {
    const { body, headers } = await api(method, path).expect(405);
    expect(headers.allow).toBe(allowed);
    expect(body).toMatchObject({ success: false, error: { code: 405 } });
  });

  it('an unknown route gets the envelope with 404 (ERR-17)', async () => {
    const { body, headers } = await request(server.url)
      .get('/nowhere')
      .set('X-Correlation-ID', 'my-trace-123')
      .expect(404);
    expect(body).toMatchObject({ success: false, error: { code: 404 } });
    expect(headers['x-correlation-id']).toBe('my-trace-123');
  });
});

function lifetime(jwt: string): number {
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as {
    exp: number;
    iat: number;
  };
  return claims.exp - claims.iat;
}
