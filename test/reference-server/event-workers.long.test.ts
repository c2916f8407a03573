import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliOn } from '../cli/cli.js';
import { valueOf } from '../metrics/exposition-value.js';
import { migratedDatabase } from '../support/migrated-database.js';
import { startRedis, type RedisServer } from '../support/redis.js';
import { launch, REFERENCE_SERVER, type ReferenceServer } from '../support/reference-server.js';

const PRIORITIES = ['low', 'normal', 'high', 'urgent'];
const PATIENCE = { timeout: 20_000 };
const SECRETS = {
  JWT_SECRET: 'an-access-secret-of-this-test-only-0123456789',
  REFRESH_TOKEN_SECRET: 'a-refresh-secret-of-this-test-only-0123456789',
};

let env: Record<string, string>;
let url: string;
let client: pg.Client;
let redisServer: RedisServer;
let redis: Redis;
let api: ReferenceServer;
let token: string;

beforeAll(async () => {
  const [database, started] = await Promise.all([migratedDatabase({ isSeeded: true }), startRedis()]);
  [url, redisServer] = [database.url, started];
  redis = new Redis({ port: redisServer.port });
  client = new pg.Client({ connectionString: url });
  await client.connect();
  env = { ...SECRETS, DATABASE_URL: url, REDIS_URL: `redis://127.0.0.1:${String(redisServer.port)}` };
  // Takes events and processes none.
  api = await launch({ env: { ...env, JOBS_CONCURRENCY: '0' } });
  const credentials = { email: 'test@example.com', password: 'test123' };
  const { body } = await request(api.url).post('/api/auth/login').send(credentials).expect(200);
  token = (body as { token: string }).token;
  return () => database.drop();
});

afterAll(async () => {
  await api.stop();
  await client.end();
  redis.disconnect();
  await redisServer.end();
});

const ask = (method: 'get' | 'post', path: string) =>
  request(api.url)[method](`/api${path}`).set('Authorization', `Bearer ${token}`);
const listed = async () =>
  ((await ask('get', '/events').expect(200)).body as { data: { id: string; status: string }[] }).data;

describe('a worker beside the service', () => {
  it('takes what waits, the urgent first, and every instance shows it at once (JOB-11, MET-30, CCH-12)', async () => {
    const ids: string[] = [];
    for (const priority of PRIORITIES) {
      const { body } = await ask('post', '/events')
        .set('X-Correlation-ID', `asked-${priority}`)
        .send({ type: 'user.registered', payload: { name: priority }, priority })
        .expect(201);
      ids.push((body as { id: string }).id);
    }
    expect((await listed()).map(({ status }) => status)).toEqual(Array(4).fill('pending'));
    await expect.poll(() => redis.exists('events:user:1')).toBe(1);
    const { text } = await request(api.url).get('/metrics').expect(200);
    expect(valueOf(text, 'event_queue_size')).toBe(4);

    const worker = await launch({ env, entry: 'worker.js' });
    await expect
      .poll(async () => (await listed()).map(({ status }) => status), PATIENCE)
      .toEqual(Array(4).fill('completed'));
    const lines = worker.logLines().filter(({ msg }) => msg === 'Event processed successfully');
    expect(lines.map(({ eventId }) => eventId)).toEqual(ids.toReversed());
    expect(lines.map(({ correlationId }) => correlationId)).toEqual(
      PRIORITIES.toReversed().map((priority) => `asked-${priority}`),
    );
    expect(await worker.stop()).toBe(0);
    expect((await client.query('SELECT FROM event_contexts')).rowCount).toBe(0);
    expect(api.logLines().filter(({ msg }) => msg === 'Event processed successfully')).toEqual([]);
  });

  it('writes the two lines of the runbook with its keys, in its schema (LOG-50, LOG-51)', async () => {
    const ids: string[] = [];
    for (const payload of [{ name: 'Ada' }, {}]) {
      const event = { type: 'user.registered', payload };
      ids.push(((await ask('post', '/events').send(event).expect(201)).body as { id: string }).id);
    }
    const worker = await launch({ env: { ...env, OPS_PROFILE: 'beo' }, entry: 'worker.js' });
    const lines = () => worker.logLines('combined.log').filter(({ eventId }) => eventId !== undefined);
    await expect.poll(lines, PATIENCE).toHaveLength(2);
    const error = 'the payload has no text or number as name';
    expect(lines()).toMatchObject([
      {
        level: 'info',
        message: 'Event processed successfully',
        service: 'beo-automation',
        ...{ eventId: ids[0], eventType: 'user.registered', duration: expect.any(Number) as number, userId: '1' },
      },
      {
        level: 'error',
        message: 'Failed to process event',
        ...{ eventId: ids[1], error, stack: expect.stringMatching(/^Error: .*\n +at /) as string },
      },
    ]);
    expect(await worker.stop()).toBe(0);
  });

  it('that is told to stop while the table is locked gives its event back and ends in good order (PRC-01)', async () => {
    const worker = await launch({ env, entry: 'worker.js' });
    const locker = new pg.Client({ connectionString: url });
    await locker.connect();
    // As VACUUM FULL does.
    await locker.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
    const waiting = `SELECT FROM pg_stat_activity WHERE application_name LIKE '%-events' AND wait_event_type = 'Lock'`;
    await expect.poll(async () => (await client.query(waiting)).rowCount, PATIENCE).toBe(1);
    expect(await worker.stop()).toBe(0);
    await locker.query('COMMIT');
    await locker.end();
  });

  it('is not needed to archive: the command does it too, into the same columns (MNT-10)', async () => {
    await client.query(
      `INSERT INTO events (user_id, type, status, created_at) SELECT 1, 'old', 'completed', now() - interval '91 days' FROM generate_series(1, 30)`,
    );
    const { stdout } = await cliOn(url, 'db', 'archive', 'events', '--status', 'completed', '--batch', '20', '--yes');
    expect(stdout).toBe('moved 30 rows of public.events to public.events_archive\n');
    expect((await client.query(`SELECT FROM events_archive WHERE type = 'old' AND user_id = 1`)).rowCount).toBe(30);
    // And back, with their ids.
    await client.query('INSERT INTO events SELECT * FROM events_archive; DELETE FROM events_archive');
  });
});

describe('the migration that rebuilds the events', () => {
  const migration = (folder: string): Promise<string> =>
    Promise.resolve(readFileSync(join(REFERENCE_SERVER, folder, '20260105_100000_rebuild_events.sql'), 'utf8'));

  it('keeps events and archive in both directions, and gives no id twice (MIG-07)', async () => {
    const database = await migratedDatabase();
    const own = new pg.Client({ connectionString: database.url });
    await own.connect();
    const rows = async (text: string): Promise<unknown[]> => (await own.query(text)).rows;
    const run = async (folder: string): Promise<unknown> => own.query(`BEGIN; ${await migration(folder)}; COMMIT`);
    await run('migrations/rollback');
    await own.query(
      `INSERT INTO events (name, status) VALUES ('one', 'pending'), ('two', 'completed'), ('three', 'completed')`,
    );
    await own.query(
      `INSERT INTO events_archive SELECT * FROM events WHERE name = 'three'; DELETE FROM events WHERE name = 'three'`,
    );
    await run('migrations');
    const columns = 'id, user_id, type, payload, priority, status';
    const kept = { user_id: null, payload: {}, priority: 'normal' };
    expect(await rows(`SELECT ${columns} FROM events ORDER BY id`)).toEqual([
      { ...kept, id: '1', type: 'one', status: 'pending' },
      { ...kept, id: '2', type: 'two', status: 'completed' },
    ]);
    expect(await rows(`SELECT ${columns} FROM events_archive`)).toEqual([
      { ...kept, id: '3', type: 'three', status: 'completed' },
    ]);
    expect(await rows(`INSERT INTO events (type) VALUES ('four') RETURNING id`)).toEqual([{ id: '4' }]);
    await run('migrations/rollback');
    expect(await rows('SELECT id, name FROM events UNION ALL SELECT id, name FROM events_archive ORDER BY id')).toEqual(
      ['one', 'two', 'three', 'four'].map((name, place) => ({ id: String(place + 1), name })),
    );
    expect(await rows(`INSERT INTO events (name) VALUES ('five') RETURNING id`)).toEqual([{ id: '5' }]);
    await own.end();
    await database.drop();
  });
});
