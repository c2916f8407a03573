import type { PoolClient } from 'pg';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPool, withTransaction, type ObservedPool, type TransactionOptions } from 'express-runbook/postgres';
import { recordingLogger } from '../support/recording-logger.js';
import { testDatabase } from '../support/postgres.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
let pool: ObservedPool;

beforeAll(async () => {
  database = await testDatabase();
  pool = createPool({ connectionString: database.url, max: 1 });
  await pool.query('create table items (name text primary key deferrable initially deferred)');
});
beforeEach(() => pool.query('delete from items'));
afterAll(async () => {
  await pool.close({ timeoutMs: 0 });
  await database.drop();
});

const names = async (): Promise<unknown[]> => (await pool.query('select name from items order by name')).rows;
const isIdle = (): boolean => pool.idleCount === pool.totalCount;

describe('withTransaction', () => {
  it('commits and returns what the work returned (DB-11)', async () => {
    const count = await withTransaction(pool, async (client) => {
      await client.query("insert into items values ('a')");
      return (await client.query('select from items')).rowCount;
    });
    expect(count).toBe(1);
    expect(await names()).toEqual([{ name: 'a' }]);
    expect(isIdle()).toBe(true);
  });

  it('rolls back and throws the same error when the work throws (DB-11)', async () => {
    const problem = new Error('changed my mind');
    const work = withTransaction(pool, async (client) => {
      await client.query("insert into items values ('a')");
      throw problem;
    });
    await expect(work).rejects.toBe(problem);
    expect(await names()).toEqual([]);
  });

  it('gives the client back usable after a failed statement (S27)', async () => {
    await expect(withTransaction(pool, (client) => client.query('select nothing'))).rejects.toMatchObject({
      code: '42703',
    });
    expect(await names()).toEqual([]);
    expect(isIdle()).toBe(true);
  });

  it('fails when COMMIT fails (S27)', async () => {
    const work = withTransaction(pool, (client) => client.query("insert into items values ('a'), ('a')"));
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await names()).toEqual([]);
  });

  it('does not claim success when a statement’s error was swallowed', async () => {
    const work = withTransaction(pool, async (client) => {
      await client.query("insert into items values ('a')");
      await client.query('select nothing').catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ code: 'ERR_TRANSACTION_ABORTED' });
    expect(await names()).toEqual([]);
  });

  it('closes a client whose connection was lost, and does not wait for it (S27)', async () => {
    const work = withTransaction(pool, (client) => client.query('select pg_terminate_backend(pg_backend_pid())'));
    await expect(work).rejects.toMatchObject({ code: '57P01' });
    expect(await names()).toEqual([]);
    expect(pool.totalCount).toBe(1);
  });
});

describe('withTransaction asks for', () => {
  it('an isolation level and reading only, as said', async () => {
    const shown = await withTransaction(
      pool,
      async (client) =>
        (await client.query("select current_setting('transaction_isolation') as level")).rows[0] as unknown,
      { isolation: 'serializable', readOnly: true },
    );
    expect(shown).toEqual({ level: 'serializable' });
    const write = withTransaction(pool, (client) => client.query("insert into items values ('a')"), { readOnly: true });
    await expect(write).rejects.toMatchObject({ code: '25006' });
    expect(isIdle()).toBe(true);
  });

  it('time limits that end with it (DB-17)', async () => {
    const show = (on: Pick<ObservedPool, 'query'>): Promise<unknown> =>
      on
        .query(
          `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
           current_setting('idle_in_transaction_session_timeout') as idle`,
        )
        .then(({ rows }) => rows[0] as unknown);
    const before = await show(pool);
    const limits = { statementTimeoutMs: 1234, lockTimeoutMs: 321, idleInTransactionTimeoutMs: 0 };
    const inside = await withTransaction(pool, (client) => show(client as unknown as ObservedPool), limits);
    expect(inside).toEqual({ statement: '1234ms', lock: '321ms', idle: '0' });
    expect(await show(pool)).toEqual(before);
  });

  it('nothing that it does not know', async () => {
    const wrong = { isolation: 'snapshot' } as unknown as TransactionOptions;
    await expect(withTransaction(pool, () => Promise.resolve(1), wrong)).rejects.toMatchObject({
      code: 'ERR_OPTION_INVALID',
      option: 'withTransaction.isolation',
    });
  });
});

describe('a part of a transaction', () => {
  it('fails for itself, and its savepoint takes back what it did', async () => {
    await withTransaction(pool, async (client) => {
      await client.query("insert into items values ('a')");
      const part = withTransaction(client, async () => {
        await client.query("insert into items values ('b')");
        await client.query('select nothing');
      });
      await expect(part).rejects.toMatchObject({ code: '42703' });
      await withTransaction(client, async () => {
        await client.query("insert into items values ('c')");
        await withTransaction(client, () => client.query("insert into items values ('d')"));
      });
    });
    expect(await names()).toEqual([{ name: 'a' }, { name: 'c' }, { name: 'd' }]);
  });

  it('takes the whole with it when its error is let through', async () => {
    const problem = new Error('changed my mind');
    const whole = withTransaction(pool, async (client) => {
      await client.query("insert into items values ('a')");
      await withTransaction(client, () => Promise.reject(problem));
    });
    await expect(whole).rejects.toBe(problem);
    expect(await names()).toEqual([]);
  });

  it('that could not be taken back forbids the COMMIT, even if its error is swallowed (S27)', async () => {
    const whole = withTransaction(pool, async (client) => {
      await withTransaction(client, async () => {
        await client.query("insert into items values ('half')");
        // What takes the savepoint away under it.
        await client.query('release savepoint runbook_1');
        throw new Error('half done');
      }).catch(() => undefined);
      await client.query('select nothing').catch(() => undefined);
    });
    await expect(whole).rejects.toMatchObject({ code: 'ERR_TRANSACTION_ABORTED' });
    expect(await names()).toEqual([]);
  });

  it('needs a transaction around it, and has no options', async () => {
    const client = await pool.connect();
    await expect(withTransaction(client, () => Promise.resolve())).rejects.toMatchObject({
      code: 'ERR_OPTION_CONFLICT',
      option: 'withTransaction.client',
    });
    client.release();
    const inner = withTransaction(pool, (open) => withTransaction(open, () => Promise.resolve(), { readOnly: true }));
    await expect(inner).rejects.toMatchObject({ option: 'withTransaction.options' });
  });
});

describe('a transaction that collides', () => {
  let wide: ObservedPool;
  let registry: Registry;
  beforeEach(async () => {
    registry = new Registry();
    wide = createPool({ connectionString: database.url, max: 6, registry, name: 'wide' });
    await wide.query('drop table if exists counters; create table counters (id int primary key, n int)');
    await wide.query('insert into counters values (1, 0), (2, 0)');
  });
  afterEach(() => wide.close({ timeoutMs: 0 }));

  const increase = async (client: PoolClient): Promise<void> => {
    const { rows } = await client.query<{ n: number }>('select n from counters where id = 1');
    await client.query('update counters set n = $1 where id = 1', [rows[0]!.n + 1]);
  };

  it('with another one is tried again until it succeeds, so that no increase is lost (S28)', async () => {
    const increases = Array.from({ length: 6 }, () =>
      withTransaction(wide, increase, { isolation: 'serializable', maxAttempts: 50, retryTimeoutMs: 30_000 }),
    );
    await Promise.all(increases);
    expect((await wide.query('select n from counters where id = 1')).rows).toEqual([{ n: 6 }]);
    expect(await registry.metrics()).toMatch(/db_transaction_retries_total\{pool="wide"\} [1-9]/);
    expect(await registry.metrics()).toContain('db_transactions_total{pool="wide",result="commit"} 6');
  });

  it('in a deadlock is tried again: both get through (40P01)', async () => {
    await wide.query("alter role current_user set deadlock_timeout = '50ms'");
    const quick = createPool({ connectionString: database.url, max: 2 });
    let waiting = 0;
    let meet = (): void => undefined;
    const met = new Promise<void>((resolve) => (meet = resolve));
    const crossed = (first: number, second: number): Promise<void> =>
      withTransaction(quick, async (client) => {
        await client.query('update counters set n = n + 1 where id = $1', [first]);
        if (++waiting === 2) meet();
        await met;
        await client.query('update counters set n = n + 1 where id = $1', [second]);
      });
    await Promise.all([crossed(1, 2), crossed(2, 1)]);
    await wide.query('alter role current_user reset deadlock_timeout');
    await quick.close();
    expect((await wide.query('select n from counters order by id')).rows).toEqual([{ n: 2 }, { n: 2 }]);
    // One of the two was the victim; on a slow machine both may be.
    expect(waiting).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['an attempt too many', { maxAttempts: 2 }, 2],
    ['the time for another attempt being over', { maxAttempts: 50, retryTimeoutMs: 0 }, 1],
    ['none wished for', { maxAttempts: 1 }, 1],
  ])('is given up after %s, with the server’s own error', async (_why, options, attempts) => {
    let tries = 0;
    const lost = withTransaction(
      wide,
      async (client) => {
        tries++;
        await client.query("do $$ begin raise exception 'again' using errcode = '40001'; end $$");
      },
      options,
    );
    await expect(lost).rejects.toMatchObject({ code: '40001' });
    expect(tries).toBe(attempts);
  });

  it('is known through what a query builder wraps around it', async () => {
    let tries = 0;
    const done = withTransaction(wide, async (client) => {
      if (++tries > 1) return 'done';
      const failed = client.query("do $$ begin raise exception 'again' using errcode = '40P01'; end $$");
      return failed.then(String, (cause: unknown) => Promise.reject(new Error('query failed', { cause })));
    });
    expect(await done).toBe('done');
  });

  it('may be repeated as often as others are committed, and not for ever (S28)', async () => {
    let tries = 0;
    const losing = Array.from({ length: 30 }, () =>
      withTransaction(
        wide,
        async (client) => {
          tries++;
          await client.query("do $$ begin raise exception 'again' using errcode = '40001'; end $$");
        },
        { maxAttempts: 5, retryTimeoutMs: 60_000 },
      ),
    );
    await Promise.allSettled(losing);
    // 30 first attempts and a budget of 100, where 120 repetitions were wished for.
    expect(tries).toBe(130);
  });

  it('is not repeated for another reason', async () => {
    let tries = 0;
    const work = withTransaction(wide, async (client) => {
      tries++;
      await client.query('select 1/0');
    });
    await expect(work).rejects.toMatchObject({ code: '22012' });
    expect(tries).toBe(1);
  });
});

describe('a transaction that is broken off', () => {
  it('by its time limit is rolled back, and its connection never used again (S27)', async () => {
    let left: PoolClient | undefined;
    const slow = withTransaction(
      pool,
      async (client) => {
        left = client;
        await client.query("insert into items values ('a')");
        await client.query('select pg_sleep(60)');
      },
      { timeoutMs: 100 },
    );
    await expect(slow).rejects.toMatchObject({ code: 'ERR_TRANSACTION_TIMEOUT', statusCode: 503 });
    await expect(left?.query('select 1')).rejects.toThrow();
    expect(await names()).toEqual([]);
    expect(pool.totalCount).toBe(1);
    // The server does not see that the connection is closed while it works; its own limit ends the statement, and frees the locks.
    const running = "select from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()";
    await expect.poll(async () => (await pool.query(running)).rowCount, { timeout: 5000 }).toBe(0);
  });

  it('by a signal is rolled back, with the signal’s own reason', async () => {
    const abort = new AbortController();
    const gone = new Error('the client went away');
    const work = withTransaction(
      pool,
      async (client) => {
        await client.query("insert into items values ('a')");
        abort.abort(gone);
        await new Promise(() => undefined);
      },
      { signal: abort.signal },
    );
    await expect(work).rejects.toBe(gone);
    await expect(withTransaction(pool, () => Promise.resolve(), { signal: abort.signal })).rejects.toBe(gone);
    expect(await names()).toEqual([]);
  });

  it('by a lost connection under COMMIT says that nobody knows, and is not repeated', async () => {
    let tries = 0;
    const work = withTransaction(pool, async (client) => {
      tries++;
      const pid = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
      await client.query(`create or replace function cut() returns trigger language plpgsql as
        $$ begin perform pg_terminate_backend(${pid}); perform pg_sleep(1); return null; end $$`);
      await client.query(`create constraint trigger cut after insert on items deferrable initially deferred
        for each row execute function cut()`);
      await client.query("insert into items values ('a')");
    });
    await expect(work).rejects.toMatchObject({ code: 'ERR_TRANSACTION_IN_DOUBT', message: /may be committed or not/ });
    // No Retry-After: a client that follows it could do the work twice.
    expect(await work.catch((error: unknown) => error)).toMatchObject({ statusCode: 503, headers: {} });
    expect(await work.catch((error: unknown) => error)).not.toHaveProperty('headers.Retry-After');
    expect(tries).toBe(1);
    expect(await names()).toEqual([]);
  });

  it('and that cannot be rolled back is reported, and its connection closed (S27)', async () => {
    const logger = recordingLogger();
    const told = createPool({ connectionString: database.url, max: 1, logger, name: 'told' });
    const work = withTransaction(told, (client) => client.query('select pg_terminate_backend(pg_backend_pid())'));
    await expect(work).rejects.toThrow();
    expect(logger.lines).toContainEqual({
      level: 'warn',
      message: 'Database transaction could not be rolled back, its connection is closed',
      fields: expect.objectContaining({ pool: 'told' }) as unknown,
    });
    expect((await told.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await told.close();
  });

  it('by a COMMIT of its own does not claim success', async () => {
    const work = withTransaction(pool, async (client) => {
      await client.query('rollback');
    });
    await expect(work).rejects.toMatchObject({ code: 'ERR_TRANSACTION_ABORTED', message: /statement of its own/ });
    expect(isIdle()).toBe(true);
  });
});
