import pg from 'pg';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { advisePoolSize, type ObservedPool } from 'express-runbook/postgres';
import { faultProxy } from '../support/fault-proxy.js';
import { seriesValue, testPools } from '../support/pools.js';
import { recordingLogger, type Line } from '../support/recording-logger.js';

const pools = testPools();
const newPool = pools.create;

const having = (lines: readonly Line[], message: string): Line[] => lines.filter((line) => line.message === message);

const pidOf = async (pool: ObservedPool): Promise<number> =>
  (await pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;

async function terminateAll(pool: ObservedPool): Promise<void> {
  const other = new pg.Client(pools.url);
  await other.connect();
  await other.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await other.end();
  await expect.poll(() => pool.listenerCount('error')).toBeGreaterThan(0);
}

describe('min', () => {
  it('is open before the first query, and open again after all were lost (T-48)', async () => {
    const pool = newPool({ min: 3 });
    await expect.poll(() => pool.idleCount).toBe(3);
    const first = await pidOf(pool);
    await terminateAll(pool);
    // A query that comes while they are opened may open one of its own; idleTimeoutMs sees to that.
    await expect.poll(async () => (await pidOf(pool)) !== first && pool.idleCount).toBeGreaterThanOrEqual(3);
  });

  it('is tried again while the database is away, with one line for the outage', async () => {
    const proxy = await faultProxy(pools.url);
    proxy.refuse();
    const logger = recordingLogger();
    const pool = newPool({ connectionString: proxy.url, min: 2, logger });
    const message = 'Database pool could not open its minimum of connections';
    await expect
      .poll(() => having(logger.lines, message))
      .toEqual([
        { level: 'warn', message, fields: expect.objectContaining({ pool: 'default', min: 2, failed: 2 }) as unknown },
      ]);
    proxy.pass();
    await expect.poll(() => pool.idleCount, { timeout: 3000 }).toBe(2);
    expect(having(logger.lines, message)).toHaveLength(1);
    await pool.close();
    await proxy.close();
  });

  it('takes nobody an idle connection away while it opens another', async () => {
    const pool = newPool({ min: 3, max: 3 });
    await expect.poll(() => pool.idleCount).toBe(3);
    (await pool.connect()).release(true);
    const answers = await Promise.all(Array.from({ length: 20 }, () => pool.query('select 1 as one')));
    expect(answers).toHaveLength(20);
    await expect.poll(() => pool.idleCount).toBe(3);
  });
});

describe('the lifetime of connections', () => {
  it('differs by up to a tenth, so that not all end at once', async () => {
    const pool = newPool({ max: 8, maxLifetimeSeconds: 1000 });
    const lifetimes = new Set<number | undefined>();
    pool.on('connect', () => lifetimes.add(pool.options.maxLifetimeSeconds));
    await Promise.all(Array.from({ length: 8 }, () => pool.query('select pg_sleep(0.05)')));
    expect(lifetimes.size).toBe(8);
    for (const seconds of lifetimes) {
      expect(seconds).toBeGreaterThan(899);
      expect(seconds).toBeLessThanOrEqual(1000);
    }
  });

  it('ends them when idle, counted, and 0 never', async () => {
    const registry = new Registry();
    const pool = newPool({ registry, max: 1, maxLifetimeSeconds: 1 });
    await pool.query('select 1');
    await expect.poll(() => pool.totalCount, { timeout: 3000 }).toBe(0);
    const series = 'db_pool_closed_total{pool="default",reason="lifetime"}';
    await expect.poll(async () => seriesValue(await registry.metrics(), series)).toBe(1);
    expect(newPool({ maxLifetimeSeconds: 0 }).options.maxLifetimeSeconds).toBe(0);
  });
});

describe('a connection that lay idle', () => {
  it('and was forgotten by the network is replaced before anybody gets it, all of them after one wait', async () => {
    const proxy = await faultProxy(pools.url);
    const registry = new Registry();
    const pool = newPool({
      connectionString: proxy.url,
      registry,
      max: 4,
      connectionTimeoutMs: 600,
      pingAfterIdleMs: 50,
      idleTimeoutMs: 0,
    });
    await Promise.all(Array.from({ length: 4 }, () => pool.query('select pg_sleep(0.05)')));
    proxy.halfOpen();
    await new Promise((resolve) => setTimeout(resolve, 80));
    const startedAt = performance.now();
    for (let one = 0; one < 4; one++) expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    const held = await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
    for (const client of held) client.release();
    // One ping that was not answered takes half of connectionTimeoutMs.
    expect(performance.now() - startedAt).toBeLessThan(900);
    const series = 'db_pool_closed_total{pool="default",reason="ping"}';
    await expect.poll(async () => seriesValue(await registry.metrics(), series)).toBe(4);
    await pool.close();
    await proxy.close();
  });

  it('is given out as it is when it answers, and is not asked when it was in use a moment ago', async () => {
    const pool = newPool({ max: 1, pingAfterIdleMs: 30 });
    const events: string[] = [];
    pool.on('query', ({ text }) => events.push(text));
    const pid = await pidOf(pool);
    const statements = async (): Promise<unknown> =>
      (await newPool({ max: 1 }).query('select query from pg_stat_activity where pid = $1', [pid])).rows;
    expect(await statements()).toEqual([{ query: 'select pg_backend_pid() as pid' }]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const client = await pool.connect();
    // The ping is an empty statement.
    expect(await statements()).toEqual([{ query: '' }]);
    client.release();
    expect(await pidOf(pool)).toBe(pid);
    expect(events).toEqual(Array.from({ length: 2 }, () => 'select pg_backend_pid() as pid'));
  });
});

describe('a client that is not given back', () => {
  it('is named with file and line of whoever asked for it (DB-14)', async () => {
    const logger = recordingLogger();
    const registry = new Registry();
    const pool = newPool({ logger, registry, name: 'main', leakThresholdMs: 30 });
    const client = await pool.connect();
    await expect
      .poll(() => having(logger.lines, 'Database client held for too long'))
      .toEqual([
        {
          level: 'warn',
          message: 'Database client held for too long',
          fields: {
            pool: 'main',
            heldMs: 30,
            acquiredAt: expect.stringMatching(/upkeep\.test\.ts:\d+:\d+/) as string,
            stack: expect.any(Array) as unknown,
          },
        },
      ]);
    expect(seriesValue(await registry.metrics(), 'db_pool_leaks_total{pool="main"}')).toBe(1);
    client.release();
    expect(having(logger.lines, 'Database client came back after all')).toHaveLength(1);
  });

  it('is not suspected while it is used for a short time, nor is a query (DB-14)', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger, leakThresholdMs: 80 });
    const slow = pool.query('select pg_sleep(0.2)');
    (await pool.connect()).release();
    await slow;
    expect(having(logger.lines, 'Database client held for too long')).toEqual([]);
  });
});

describe('a client that comes back unfit', () => {
  it('from inside a transaction is closed and said, its work rolled back (S27)', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger, max: 1 });
    const pid = await pidOf(pool);
    for (const then of ['select 1', 'select 1/0']) {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(then).catch(() => undefined);
      client.release();
    }
    expect(await pidOf(pool)).not.toBe(pid);
    expect(having(logger.lines, 'Database client came back inside a transaction')).toHaveLength(2);
    expect((await pool.query("select pg_current_xact_id_if_assigned() as id, 'ok' as ok")).rows).toEqual([
      { id: null, ok: 'ok' },
    ]);
  });

  it('after a query that was given up on is closed, even if the error was swallowed (S27)', async () => {
    const pool = newPool({ max: 1, queryTimeoutMs: 400 });
    const client = await pool.connect();
    await expect(client.query('select pg_sleep(1)')).rejects.toThrow('Query read timeout');
    client.release();
    expect((await pool.query('select 2 as n')).rows).toEqual([{ n: 2 }]);
  });

  it('is not what a failed statement of pool.query leaves: its connection stays', async () => {
    const pool = newPool({ max: 1 });
    const pid = await pidOf(pool);
    for (let round = 0; round < 20; round++) {
      await expect(pool.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
      await expect(pool.query('select $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
    }
    expect(await pidOf(pool)).toBe(pid);
    // Unless it left a transaction open.
    await expect(pool.query('BEGIN; select 1/0')).rejects.toMatchObject({ code: '22012' });
    expect(await pidOf(pool)).not.toBe(pid);
  });

  it('is not one of 300 failed statements either whose server is ready only some time after it has said the error', async () => {
    const proxy = await faultProxy(pools.url);
    const registry = new Registry();
    const pool = newPool({ connectionString: proxy.url, max: 1, registry });
    const pid = await pidOf(pool);
    proxy.slowReady(1);
    for (let round = 0; round < 150; round++) {
      await expect(pool.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
      await expect(pool.query('select $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
    }
    expect(await pidOf(pool)).toBe(pid);
    expect(await registry.metrics()).not.toMatch(/^db_pool_closed_total\{.*\} [1-9]/m);
    // What it left open is seen then, too.
    await expect(pool.query('BEGIN; select 1/0')).rejects.toMatchObject({ code: '22012' });
    expect(await pidOf(pool)).not.toBe(pid);
    await pool.close();
    await proxy.close();
  });

  it('is one whose server does not get ready after an error: closed within a second or so, and the next caller served', async () => {
    const proxy = await faultProxy(pools.url);
    const pool = newPool({ connectionString: proxy.url, max: 1 });
    const pid = await pidOf(pool);
    proxy.slowReady(60_000);
    await expect(pool.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
    expect(await pidOf(pool)).not.toBe(pid);
    await pool.close({ timeoutMs: 0 });
    await proxy.close();
  });
});

describe('the time limits of a session', () => {
  it('are known to the server: statement, lock and idle in a transaction (DB-04)', async () => {
    const pool = newPool({ statementTimeoutMs: 1000, lockTimeoutMs: 2000, idleInTransactionTimeoutMs: 3000 });
    const { rows } = await pool.query(
      `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
        current_setting('idle_in_transaction_session_timeout') as idle`,
    );
    expect(rows).toEqual([{ statement: '1s', lock: '2s', idle: '3s' }]);
  });

  it('end a transaction in which nobody asks, without harm to the process', async () => {
    const pool = newPool({ max: 1, idleInTransactionTimeoutMs: 30 });
    const client = await pool.connect();
    const ended = new Promise((resolve) => client.once('end', resolve));
    await client.query('BEGIN');
    await ended;
    client.release();
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('advisePoolSize', () => {
  it('compares max × replicas with what the server accepts, and says what fits (DB-02)', async () => {
    const logger = recordingLogger();
    const pool = newPool({ max: 20 });
    const { rows } = await pool.query<{ max: number }>("select current_setting('max_connections')::int as max");
    const available = rows[0]!.max - 3;
    const few = await advisePoolSize(pool, { replicas: 2, logger });
    expect(few).toMatchObject({ wanted: 40, available, isWithin: true });
    expect(logger.lines).toEqual([]);
    const many = await advisePoolSize(pool, { replicas: 50, logger });
    const recommendedMax = Math.floor((available * 0.8) / 50);
    expect(many).toMatchObject({ wanted: 1000, isWithin: false, recommendedMax });
    expect(many.message).toBe(
      `50 × 20 connections are more than the ${available} of the server: set max to ${recommendedMax} or less`,
    );
    expect(having(logger.lines, 'Database pools may exhaust the server')).toHaveLength(1);
  });
});
