import { once } from 'node:events';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createMetrics, type Logger, type Metrics } from 'express-runbook';
import { createPool, type ObservedPool } from 'express-runbook/postgres';
import { fromExample } from '../support/example-sources.js';
import { migratedDatabase } from '../support/migrated-database.js';
import { recordingLogger, type Line } from '../support/recording-logger.js';

interface Processor {
  start(): void;
  wake(): void;
  close(): Promise<void>;
}
interface List {
  changed(userId: string): Promise<void>;
  allChanged(): Promise<void>;
}
type CreateProcessor = (pool: pg.Pool, list: List, parts: { logger: Logger; metrics: Metrics }) => Processor;

const PRIORITIES = ['low', 'normal', 'high', 'urgent'];
const PATIENCE = { timeout: 20_000 };

let database: Awaited<ReturnType<typeof migratedDatabase>>;
let client: pg.Client;
let createEventProcessor: CreateProcessor;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await migratedDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`INSERT INTO users (id, email, name, password_hash) VALUES (7, 'ada@example.com', 'Ada', '-')`);
  await client.query(`INSERT INTO templates (name, body) VALUES ('welcome', 'Welcome, {{ name }} of {{city.name}}!')`);
  await client.query(
    `INSERT INTO workflows (name, event_type, template_id, is_active)
     SELECT 'greet', 'user.registered', id, true FROM templates UNION ALL
     SELECT 'switched off', 'user.registered', id, false FROM templates`,
  );
  createEventProcessor = (await fromExample('events/event-processor.ts')).createEventProcessor as CreateProcessor;
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await client.query('DELETE FROM events; DELETE FROM events_archive; DELETE FROM workflow_runs');
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** As another process would have it: a pool, a registry and a log of its own. */
function processor(): Processor & { pool: ObservedPool; lines: Line[]; metrics: Metrics; changed: string[] } {
  const pool = createPool({ connectionString: database.url, max: 3 });
  const logger = recordingLogger();
  const metrics = createMetrics({ defaultMetrics: false });
  const changed: string[] = [];
  const list: List = {
    changed: (userId) => Promise.resolve(void changed.push(userId)),
    allChanged: () => Promise.resolve(void changed.push('*')),
  };
  const made = createEventProcessor(pool, list, { logger, metrics });
  closing.push(async () => {
    await made.close();
    await pool.close({ timeoutMs: 0 });
  });
  return { ...made, pool, lines: logger.lines, metrics, changed };
}

async function added(event: { type?: string; payload?: object; priority?: string; userId?: number }): Promise<string> {
  const { type = 'nothing.known', payload = {}, priority = 'normal', userId = null } = event;
  const { rows } = await client.query<{ id: string }>(
    'INSERT INTO events (user_id, type, payload, priority) VALUES ($1, $2, $3, $4) RETURNING id',
    [userId, type, payload, priority],
  );
  return rows[0]?.id ?? '';
}

const pending = async (): Promise<number> =>
  (await client.query<{ n: number }>(`SELECT COUNT(*)::int AS n FROM events WHERE status = 'pending'`)).rows[0]?.n ??
  NaN;

const idsOf = (lines: readonly Line[]): unknown[] =>
  lines.map(({ fields }) => fields.eventId).filter((id) => id !== undefined);

describe('events', () => {
  it('are taken in the order urgent, high, normal, low, and in each the older first (JOB-11)', async () => {
    const ids: Record<string, string[]> = {};
    for (const priority of [...PRIORITIES, ...PRIORITIES]) (ids[priority] ??= []).push(await added({ priority }));
    const one = processor();
    one.start();
    await expect.poll(pending, PATIENCE).toBe(0);
    await expect.poll(() => idsOf(one.lines)).toEqual(PRIORITIES.toReversed().flatMap((priority) => ids[priority]));
    expect(await one.metrics.render()).toContain('events_processed_total{outcome="completed"} 8');
  });

  it('set off the workflows of their type, and say so in the words of the runbook (LOG-50)', async () => {
    const id = await added({ type: 'user.registered', payload: { name: 'Ada', city: { name: 'Bath' } }, userId: 7 });
    const one = processor();
    one.start();
    await expect.poll(() => one.lines, PATIENCE).toHaveLength(1);
    const [{ level, message, fields } = { fields: {} }] = one.lines;
    expect({ level, message }).toEqual({ level: 'info', message: 'Event processed successfully' });
    expect(fields).toEqual({
      eventId: id,
      eventType: 'user.registered',
      duration: expect.any(Number) as number,
      userId: '7',
    });
    const { rows } = await client.query('SELECT event_id, output FROM workflow_runs');
    expect(rows).toEqual([{ event_id: id, output: 'Welcome, Ada of Bath!' }]);
    await expect.poll(() => one.changed).toEqual(['7']);
  });

  it.each([
    ['a value is not there', { name: 'Ada' }],
    ['it is no text', { name: 'Ada', city: { name: ['Bath'] } }],
    ['it is there by inheritance only', { name: 'Ada', city: 'toString' }],
  ])(
    'that cannot be processed because %s are failed, leave nothing, and hold nobody up (LOG-51)',
    async (_why, payload) => {
      const id = await added({ type: 'user.registered', payload, priority: 'urgent', userId: 7 });
      const next = await added({ priority: 'low' });
      const one = processor();
      one.start();
      await expect.poll(() => idsOf(one.lines), PATIENCE).toEqual([id, next]);
      const [{ level, message, fields } = { fields: {} }] = one.lines;
      expect({ level, message }).toEqual({ level: 'error', message: 'Failed to process event' });
      const error = 'the payload has no text or number as city.name';
      expect(fields).toEqual({ eventId: id, error, stack: expect.stringContaining(error) as string });
      expect((await client.query('SELECT status FROM events ORDER BY id')).rows).toEqual([
        { status: 'failed' },
        { status: 'completed' },
      ]);
      expect((await client.query('SELECT FROM workflow_runs')).rowCount).toBe(0);
      expect(await one.metrics.render()).toContain('events_processed_total{outcome="failed"} 1');
    },
  );

  it('are each processed once, by however many processes', async () => {
    await client.query(
      `INSERT INTO events (type, payload) SELECT 'user.registered', '{"name": "Ada", "city": {"name": "Bath"}}' FROM generate_series(1, 60)`,
    );
    const several = [processor(), processor(), processor()];
    for (const one of several) one.start();
    await expect.poll(pending, PATIENCE).toBe(0);
    await Promise.all(several.map((one) => one.close()));
    const told = several.flatMap(({ lines }) => idsOf(lines));
    expect(told).toHaveLength(60);
    expect(new Set(told).size).toBe(60);
    expect((await client.query('SELECT FROM workflow_runs')).rowCount).toBe(60);
  });

  it('stay pending when the one who had taken them dies, and are processed by the next', async () => {
    const id = await added({ type: 'user.registered', payload: { name: 'Ada', city: { name: 'Bath' } } });
    // Holds what the transaction of the processor wants to write.
    const lock = new pg.Client({ connectionString: database.url });
    await lock.connect();
    await lock.query('BEGIN; LOCK TABLE workflow_runs IN ACCESS EXCLUSIVE MODE');
    const dying = processor();
    dying.start();
    const waiting = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    await expect.poll(async () => (await client.query(waiting)).rowCount, PATIENCE).toBe(1);
    expect(await pending()).toBe(1);
    await client.query(`SELECT pg_terminate_backend(pid) FROM (${waiting}) AS taker`);
    await expect
      .poll(() => dying.lines.map(({ message }) => message), PATIENCE)
      .toEqual(['Processing events failed; it is tried again']);
    expect(await pending()).toBe(1);
    const ended = once(lock, 'end');
    await lock.end();
    await ended;
    await expect.poll(() => idsOf(dying.lines), PATIENCE).toEqual([id]);
    expect(dying.lines.map(({ message }) => message)).toContain('Processing events works again');
    expect((await client.query('SELECT FROM workflow_runs')).rowCount).toBe(1);
  });

  it('that are completed and older than 90 days are moved into the archive, whole and in batches; others stay (JOB-11, MNT-10, API-04)', async () => {
    await client.query(
      `INSERT INTO events (user_id, type, payload, priority, status, created_at)
       SELECT 7, 'old.one', jsonb_build_object('n', n), 'high', 'completed', now() - interval '91 days' FROM generate_series(1, 1500) n
       UNION ALL SELECT 7, 'old.failed', '{}', 'low', 'failed', now() - interval '91 days'
       UNION ALL SELECT 7, 'late', '{}', 'low', 'completed', now() - interval '89 days'`,
    );
    const sum = `SELECT md5(string_agg(rows::text, ',' ORDER BY id)) AS sum FROM`;
    const before = (await client.query(`${sum} events rows WHERE type = 'old.one'`)).rows;
    const one = processor();
    one.start();
    await expect
      .poll(() => one.lines.map(({ message }) => message), PATIENCE)
      .toEqual(['Events archived', 'Events archived']);
    expect(one.lines.map(({ fields }) => fields)).toEqual([{ events: 1000 }, { events: 500 }]);
    expect((await client.query(`${sum} events_archive rows`)).rows).toEqual(before);
    expect((await client.query('SELECT type FROM events ORDER BY type')).rows).toEqual([
      { type: 'late' },
      { type: 'old.failed' },
    ]);
    expect(one.changed).toEqual(['*', '*']);
  });

  it('go on being processed when they cannot be archived (JOB-11)', async () => {
    await client.query(
      `INSERT INTO events (id, type, status, created_at) VALUES (1000000, 'a', 'completed', now() - interval '91 days')`,
    );
    // Somebody has archived it by hand, and not deleted it.
    await client.query('INSERT INTO events_archive SELECT * FROM events');
    const ids = [await added({}), await added({}), await added({})];
    const one = processor();
    one.start();
    await expect.poll(() => idsOf(one.lines), PATIENCE).toEqual(ids);
    const warnings = one.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message)).toEqual([
      'Events could not be archived; it is tried again in an hour',
    ]);
    expect((await client.query('SELECT FROM events WHERE id = 1000000')).rowCount).toBe(1);
  });

  it('and their archive have the columns that the runbook copies, in its order (API-04)', async () => {
    const columns = async (table: string): Promise<unknown[]> => {
      const text = `SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position`;
      return (await client.query<{ column_name: string }>(text, [table])).rows.map((row) => row.column_name);
    };
    expect(await columns('events')).toEqual(['id', 'user_id', 'type', 'payload', 'priority', 'status', 'created_at']);
    expect(await columns('events_archive')).toEqual(await columns('events'));
  });
});
