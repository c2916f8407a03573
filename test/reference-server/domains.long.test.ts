import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { valueOf } from '../metrics/exposition-value.js';
import { parsedAnswer, rawExchange } from '../support/raw-exchange.js';
import { startRedis, type RedisServer } from '../support/redis.js';
import { launch, type ReferenceServer } from '../support/reference-server.js';
import { BODIES } from '../corpus/bodies.js';
import { migratedDatabase } from '../support/migrated-database.js';

const PATIENCE = { timeout: 20_000 };
const CORRELATION_ID = 'event-of-this-test';
const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
const MAX_FILE_BYTES = 5 * 1024 * 1024;

let server: ReferenceServer;
let database: pg.Client;
let redisServer: RedisServer;
let redis: Redis;
let ada: string;
let test: string;
const folder = mkdtempSync(join(tmpdir(), 'domains-'));
const uploads = join(folder, 'public/uploads');

beforeAll(async () => {
  mkdirSync(uploads, { recursive: true });
  const [seeded, started] = await Promise.all([migratedDatabase({ isSeeded: true }), startRedis()]);
  redisServer = started;
  redis = new Redis({ port: redisServer.port });
  database = new pg.Client({ connectionString: seeded.url });
  await database.connect();
  server = await launch({
    env: {
      DATABASE_URL: seeded.url,
      REDIS_URL: `redis://127.0.0.1:${String(redisServer.port)}`,
      RATE_LIMIT_MAX: '10000',
      UPLOADS_DIR: uploads,
    },
  });
  [test, ada] = await Promise.all([login('test@example.com'), login('ada@example.com')]);
  return () => seeded.drop();
});

afterAll(async () => {
  await server.stop();
  await database.end();
  redis.disconnect();
  await redisServer.end();
  rmSync(folder, { recursive: true });
});

async function login(email: string): Promise<string> {
  const answer = request(server.url).post('/api/auth/login').send({ email, password: 'test123' });
  return ((await answer.expect(200)).body as { token: string }).token;
}

const api = (method: 'get' | 'post' | 'put' | 'delete', path: string, as = test) =>
  request(server.url)[method](`/api${path}`).set('Authorization', `Bearer ${as}`);
const metric = async (series: string) => valueOf((await request(server.url).get('/metrics')).text, series);

describe('tasks', () => {
  it('are counted when they are created and when they are completed, from the start (API-09, MET-25)', async () => {
    expect([await metric('tasks_created_total'), await metric('tasks_completed_total')]).toEqual([0, 0]);
    const { body } = await api('post', '/tasks').send({ title: ' Call the harbour master ' }).expect(201);
    expect(body).toMatchObject({ title: 'Call the harbour master', status: 'open', completedAt: null });
    expect([await metric('tasks_created_total'), await metric('tasks_completed_total')]).toEqual([1, 0]);
    const path = `/tasks/${String(body.id)}`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => api('post', `${path}/complete`)));
    expect(answers.map(({ status, body }) => [status, body.status])).toEqual(Array(10).fill([200, 'completed']));
    expect([await metric('tasks_created_total'), await metric('tasks_completed_total')]).toEqual([1, 1]);
    expect((await api('get', path).expect(200)).body.completedAt).toMatch(/^\d{4}-.*Z$/);
  });

  it('come in pages, by status, and to nobody but their user (API-09, DB-12)', async () => {
    for (const title of ['one', 'two', 'three']) await api('post', '/tasks', ada).send({ title }).expect(201);
    const first = await api('get', '/tasks?status=open&limit=2', ada).expect(200);
    const second = await api('get', `/tasks?status=open&limit=2&cursor=${String(first.body.nextCursor)}`, ada).expect(
      200,
    );
    const titles = [first, second].flatMap(({ body }) => (body.data as { title: string }[]).map(({ title }) => title));
    expect(titles).toEqual(['one', 'two', 'three']);
    const path = `/tasks/${String(first.body.data[0].id)}`;
    await api('get', path).expect(404);
    await api('post', `${path}/complete`).expect(404);
    expect((await api('get', path, ada).expect(200)).body.status).toBe('open');
    const odd = String.raw`anchor ⚓ 😀 \ud800 \\ud800`;
    expect((await api('post', '/tasks').send({ title: odd }).expect(201)).body.title).toBe(odd);
    for (const wrong of [{}, { title: '  ' }, { title: 5 }, { title: 'a'.repeat(201) }, { title: 'a\0' }])
      await api('post', '/tasks').send(wrong).expect(400);
  });
});

describe('hostile bodies', () => {
  // Those that are about the field `id`, which a new task has not.
  const bodies = BODIES.filter(({ body }) => !body.includes('"id"'));

  it.each(bodies)('$id $what: the right answer, and no word of it in a line (S24, ERR-17)', async (one) => {
    const { body, headers = ['Content-Type: application/json'] } = one;
    const text = body.replaceAll('"name"', '"title"').replaceAll('name=', 'title=');
    const lines = [
      'POST /api/tasks HTTP/1.1',
      'Host: x',
      'Connection: close',
      `Authorization: Bearer ${test}`,
      ...headers,
      `Content-Length: ${String(text.length)}`,
    ];
    const answer = parsedAnswer(await rawExchange(server.port, [...lines, '', text].join('\r\n')));
    expect([one.status].flat().map((status) => (status === 200 ? 201 : status))).toContain(answer.status);
    if (answer.status === 201) expect((JSON.parse(answer.body) as { title: string }).title).toBe(one.name);
    else expect(JSON.parse(answer.body)).toMatchObject({ success: false, error: { code: answer.status } });
    expect(server.output()).not.toContain('hunter2');
  });
});

describe('events', () => {
  const create = (event: object, as = test) => api('post', '/events', as).send(event);
  const detail = async (id: unknown) =>
    (await api('get', `/events/${String(id)}`).expect(200)).body as { status: string };

  it('are taken with 201, processed, and leave one correlation id in all lines about them (API-04, LOG-50, COR-07)', async () => {
    const event = { type: 'user.registered', payload: { name: 'Grace' }, priority: 'high' };
    const { body } = await create(event).set('X-Correlation-ID', CORRELATION_ID).expect(201);
    expect(body).toMatchObject({ ...event, status: 'pending' });
    await expect
      .poll(() => detail(body.id), PATIENCE)
      .toMatchObject({
        ...event,
        status: 'completed',
        outputs: [{ workflow: 'greet a new user', text: 'Welcome, Grace!' }],
      });
    const mine = () => server.logLines().filter(({ correlationId }) => correlationId === CORRELATION_ID);
    await expect
      .poll(() => mine().map(({ msg }) => msg))
      .toEqual(expect.arrayContaining(['Request completed', 'Event processed successfully']));
    const line = mine().find(({ msg }) => msg === 'Event processed successfully');
    expect(line).toMatchObject({ level: 'info', eventId: body.id, eventType: 'user.registered', userId: '1' });
    expect(typeof line?.duration).toBe('number');
    await api('get', `/events/${String(body.id)}`, ada).expect(404);
  });

  it('that cannot be processed have failed, with the error, its stack and who asked (LOG-51)', async () => {
    const { body } = await create({ type: 'order.created', payload: { order: 5 } })
      .set('X-Correlation-ID', 'failing-event')
      .expect(201);
    await expect.poll(async () => (await detail(body.id)).status, PATIENCE).toBe('failed');
    const failed = () => server.logLines().filter(({ msg }) => msg === 'Failed to process event');
    await expect.poll(failed).toHaveLength(1);
    expect(failed()[0]).toMatchObject({
      level: 'error',
      eventId: body.id,
      error: 'the payload has no text or number as customer.name',
      stack: expect.stringMatching(/^Error: the payload.*\n +at /) as string,
      correlationId: 'failing-event',
    });
  });

  it.each([
    ['no type', {}],
    ['a type of other characters', { type: 'User Registered' }],
    ['an unknown priority', { type: 'a', priority: 'now' }],
    ['a list as payload', { type: 'a', payload: [] }],
    ['a text as payload', { type: 'a', payload: 'x' }],
    ['a NUL, which Postgres does not keep', { type: 'a', payload: { text: '\0' } }],
    [
      'a payload of a thousand levels',
      { type: 'a', payload: { deep: JSON.parse('['.repeat(1000) + ']'.repeat(1000)) as unknown } },
    ],
  ])('with %s are refused with 400 (API-04)', async (_what, event) => {
    const { body } = await create(event).expect(400);
    expect(body).toMatchObject({ success: false, error: { code: 400 } });
  });

  it('of a user come in pages, the latest first (API-04)', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count++)
      made.push((await create({ type: 'page.test' }, ada).expect(201)).body.id as string);
    const seen: string[] = [];
    for (let path = '/events?limit=2'; path !== '';) {
      const { body } = await api('get', path, ada).expect(200);
      seen.push(...(body.data as { id: string }[]).map(({ id }) => id));
      path = body.nextCursor === null ? '' : `/events?limit=2&cursor=${String(body.nextCursor)}`;
    }
    expect(seen).toEqual(made.toReversed());
    const skipped = await api('get', '/events?limit=2&offset=1', ada).expect(200);
    expect((skipped.body.data as { id: string }[]).map(({ id }) => id)).toEqual(seen.slice(1, 3));
    for (const wrong of ['limit=0', 'limit=101', 'offset=-1', 'cursor=x', 'status=gone'])
      await api('get', `/events?${wrong}`, ada).expect(400);
  });

  it('are listed from Redis for ten minutes, as events:user:<id>, and at once as they are after a change (CCH-02)', async () => {
    const statuses = async () =>
      ((await api('get', '/events').expect(200)).body.data as { status: string }[]).map(({ status }) => status);
    const before = await statuses();
    // What is loaded is kept a moment after it was answered.
    await expect.poll(() => redis.ttl('events:user:1')).toBeGreaterThan(590);
    expect(await redis.ttl('events:user:1')).toBeLessThanOrEqual(600);
    const misses = await metric('cache_misses_total{cache="events"}');
    expect(await statuses()).toEqual(before);
    expect(await metric('cache_misses_total{cache="events"}')).toBe(misses);
    await create({ type: 'list.test' }).expect(201);
    await expect.poll(statuses, PATIENCE).toEqual(['completed', ...before]);
  });
});

describe('templates and workflows', () => {
  it('are given whole, as lists, beside each other (API-05, DB-19)', async () => {
    const [templates, workflows, events] = await Promise.all(
      ['/templates', '/workflows', '/events'].map((path) => api('get', path).expect(200)),
    );
    expect((templates?.body as { name: string }[]).map(({ name }) => name)).toEqual(['welcome', 'order confirmation']);
    expect((workflows?.body as { eventType: string }[]).map(({ eventType }) => eventType)).toEqual([
      'user.registered',
      'order.created',
    ]);
    expect(Array.isArray(events?.body.data)).toBe(true);
  });
});

describe('uploads', () => {
  const upload = (type: string, content: Buffer, as = test) =>
    api('post', '/uploads', as).set('Content-Type', type).send(content);

  it('are kept under a name of the server, for their user alone, and packed by the line of the runbook (API-13, BKP-16)', async () => {
    const { body, headers } = await upload('image/png', PNG).expect(201);
    expect(body).toMatchObject({ name: expect.stringMatching(/^[0-9a-f-]{36}\.png$/) as string, bytes: PNG.length });
    expect(headers.location).toBe(`/api/uploads/${String(body.name)}`);
    const path = `/uploads/${String(body.name)}`;
    const got = await api('get', path).expect(200).expect('Content-Type', 'image/png');
    expect(got.body).toEqual(PNG);
    expect(got.headers).toMatchObject({
      'content-disposition': `attachment; filename=${String(body.name)}`,
      'x-content-type-options': 'nosniff',
    });
    await api('get', path, ada).expect(404);
    await api('delete', path, ada).expect(404);
    expect((await api('get', '/uploads').expect(200)).body.data).toMatchObject([
      { name: body.name, bytes: PNG.length },
    ]);
    expect((await api('get', '/uploads', ada).expect(200)).body.data).toEqual([]);
    expect(statSync(join(uploads, '1', String(body.name))).mode & 0o777).toBe(0o600);

    execFileSync('tar', ['-czf', 'uploads_backup.tar.gz', 'public/uploads/'], { cwd: folder });
    const packed = execFileSync('tar', ['-tzf', 'uploads_backup.tar.gz'], { cwd: folder, encoding: 'utf8' });
    expect(packed).toContain(`public/uploads/1/${String(body.name)}\n`);
    await api('delete', path).expect(204);
    await api('get', path).expect(404);
    await api('delete', path).expect(404);
  });

  it('take files up to 5 MB and no other body more than 100 kB', async () => {
    const { body } = await upload('application/pdf', Buffer.alloc(MAX_FILE_BYTES, 1)).expect(201);
    expect((await api('get', `/uploads/${String(body.name)}`).expect(200)).body).toHaveLength(MAX_FILE_BYTES);
    await api('delete', `/uploads/${String(body.name)}`).expect(204);
    await upload('application/pdf', Buffer.alloc(MAX_FILE_BYTES + 1)).expect(413);
    await api('post', '/tasks')
      .send({ title: 'a'.repeat(110_000) })
      .expect(413);
    expect(await chunked(MAX_FILE_BYTES + 65_536)).toMatch(/^HTTP\/1\.1 413 /);
    expect(leftovers()).toEqual([]);
  });

  it('are refused without content, of another type, and under names that are none', async () => {
    await upload('image/png', Buffer.alloc(0)).expect(400);
    for (const type of ['text/html', 'image/svg+xml', 'application/json', 'multipart/form-data; boundary=x'])
      await upload(type, Buffer.from('{}')).expect(415);
    for (const name of [
      '..%2f..%2fschema.sql',
      '..',
      '.env',
      'a.png',
      `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}.html`,
    ]) {
      const { status } = await api('get', `/uploads/${name}`);
      expect([400, 404], name).toContain(status);
    }
    expect(leftovers()).toEqual([]);
  });

  it('that break off leave nothing', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(head('Content-Length: 1000000') + 'a'.repeat(5000));
    await expect.poll(leftovers).toHaveLength(1);
    socket.destroy();
    await expect.poll(leftovers).toEqual([]);
  });

  it('have a folder where the runbook looks for it', () => {
    expect(
      readFileSync(join(import.meta.dirname, '../../examples/reference-server/public/uploads/.gitkeep'), 'utf8'),
    ).toBe('');
  });

  const leftovers = (): string[] => readdirSync(join(uploads, '1'));
  const head = (length: string): string =>
    [
      'POST /api/uploads HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${test}`,
      'Content-Type: image/png',
      length,
      '',
      '',
    ].join('\r\n');

  /** What is answered to so many bytes whose number nobody said. */
  async function chunked(bytes: number): Promise<string> {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(head('Transfer-Encoding: chunked'));
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
    for (let sent = 0; sent < bytes; sent += 65_536) socket.write(chunk);
    socket.write('10000\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return answer.toString();
  }
});

describe('what the routes answer', () => {
  type Json = Readonly<Record<string, unknown>>;
  let document: {
    readonly paths: Record<string, Record<string, Json>>;
    readonly components: { readonly schemas: Json };
  };

  beforeAll(async () => {
    document = (await request(server.url).get('/api-docs/openapi.json').expect(200)).body as typeof document;
  });

  /** The schema with what it refers to in place, and no room for what it does not name. */
  function whole(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map(whole);
    if (typeof schema !== 'object' || schema === null) return schema;
    const { $ref, ...own } = schema as Json;
    if (typeof $ref === 'string') return whole(document.components.schemas[$ref.split('/').at(-1) ?? '']);
    const parts = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, whole(value)]));
    return 'properties' in parts ? { ...parts, additionalProperties: false } : parts;
  }

  function schemaOf(path: string, method: string, status: number): z.ZodType {
    const responses = document.paths[path]?.[method]?.responses as Json;
    const { content } = responses[status] as { content: { 'application/json': { schema: Json } } };
    return z.fromJSONSchema(whole(content['application/json'].schema) as Parameters<typeof z.fromJSONSchema>[0]);
  }

  it.each([
    ['post', '/tasks', { title: 'a' }, 201],
    ['get', '/tasks', undefined, 200],
    ['post', '/events', { type: 'user.registered', payload: { name: 'Ada' } }, 201],
    ['get', '/events', undefined, 200],
    ['get', '/templates', undefined, 200],
    ['get', '/workflows', undefined, 200],
    ['get', '/uploads', undefined, 200],
    ['get', '/users', undefined, 200],
    ['post', '/projects', { name: 'a' }, 201],
    ['get', '/projects', undefined, 200],
    ['post', '/api-keys', { name: 'a' }, 201],
    ['get', '/api-keys', undefined, 200],
  ] as const)('%s %s is what the document says, to the last key (API-10)', async (method, path, sent, status) => {
    const { body } = await api(method, path).send(sent).expect(status);
    expect(schemaOf(path, method, status).safeParse(body)).toMatchObject({ success: true });
    if (method === 'post' && ['/tasks', '/events', '/projects'].includes(path)) {
      const one = (await api('get', `${path}/${String(body.id)}`).expect(200)).body as unknown;
      expect(schemaOf(`${path}/{id}`, 'get', 200).safeParse(one)).toMatchObject({ success: true });
    }
    // A key that it does not name is not let through: the comparison is one.
    const more = Array.isArray(body) ? [{ ...(body[0] as object), more: 1 }] : { ...(body as object), more: 1 };
    expect(schemaOf(path, method, status).safeParse(more).success).toBe(false);
  });
});

describe('active users', () => {
  it('are as many as have called with a valid credential, however often (MET-24)', async () => {
    await request(server.url).get('/api/users').set('Authorization', 'Bearer nobody').expect(401);
    for (const token of [test, ada, test]) await api('get', '/users', token).expect(200);
    expect(await metric('active_users')).toBe(2);
  });
});

describe('the fault routes', () => {
  it('have the memory that is asked for on the heap, for as long as is said (API-12)', async () => {
    const heap = async () => (await metric('process_heap_bytes')) ?? NaN;
    const before = await heap();
    const held = request(server.url).get('/dev/memory?mb=100&ms=1500').expect(200);
    const answer = held.then(({ body }) => body as unknown);
    await expect.poll(heap, PATIENCE).toBeGreaterThan(before + 60 * 1024 * 1024);
    expect(await answer).toEqual({ heldMegabytes: 100, heldMs: 1500 });
    for (const wrong of ['mb=0', 'mb=1001', 'mb=1e3', 'ms=100000'])
      await request(server.url).get(`/dev/memory?${wrong}`).expect(400);
  });
});
