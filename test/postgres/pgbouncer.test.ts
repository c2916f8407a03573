import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getContext, runWithContext } from 'express-runbook';
import { findPage, waitForDatabase, withTransaction, type ObservedPool } from 'express-runbook/postgres';
import { startPgBouncer, type PgBouncer } from '../support/pgbouncer.js';
import { testPools } from '../support/pools.js';
import { requireTool } from '../support/real-tools.js';

const tool = requireTool('pgbouncer');
const pools = testPools();

const LIMITS = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
  current_setting('idle_in_transaction_session_timeout') as idle`;
const limitsOf = async (on: unknown): Promise<unknown> => (await (on as ObservedPool).query(LIMITS)).rows[0];
const limits = { statementTimeoutMs: 700, lockTimeoutMs: 150, idleInTransactionTimeoutMs: 5000 };
const SET = { statement: '700ms', lock: '150ms', idle: '5s' };
const UNSET = { statement: '0', lock: '0', idle: '0' };

describe.skipIf(!tool.isInstalled)('behind PgBouncer in transaction mode', () => {
  let bouncer: PgBouncer;
  beforeAll(async () => {
    bouncer = await startPgBouncer(pools.url, 'transaction', 2);
    const pool = pools.create();
    await pool.query('create table stock (id int primary key, n int); insert into stock values (1, 0)');
  });
  afterAll(() => bouncer.stop());
  const newPool = (options = {}): ObservedPool =>
    pools.create({ connectionString: bouncer.url, pooler: 'transaction', ...limits, ...options });

  it('a pool that says nothing of it is refused, by an error that names the parameter (DB-17)', async () => {
    const pool = pools.create({ connectionString: bouncer.url });
    await expect(pool.query('select 1')).rejects.toThrow(/unsupported startup parameter: statement_timeout/);
  });

  it('the limits hold in every transaction, and stay with nobody else (DB-17)', async () => {
    const pool = newPool({ max: 6 });
    for (let round = 0; round < 3; round++) {
      const transactions = Array.from({ length: 6 }, () => withTransaction(pool, (client) => limitsOf(client)));
      expect(await Promise.all(transactions)).toEqual(Array(6).fill(SET));
      expect(await Promise.all(Array.from({ length: 6 }, () => limitsOf(pool)))).toEqual(Array(6).fill(UNSET));
    }
    expect(await withTransaction(pool, (client) => limitsOf(client), { lockTimeoutMs: 99 })).toEqual({
      ...SET,
      lock: '99ms',
    });
  });

  it('the limits are kept by the server: statement (57014) and lock (55P03)', async () => {
    const pool = newPool();
    const slow = withTransaction(pool, (client) => client.query('select pg_sleep(30)'));
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    await withTransaction(pool, async (client) => {
      await client.query('select * from stock for update');
      const blocked = withTransaction(pool, (other) => other.query('update stock set n = n + 1'));
      await expect(blocked).rejects.toMatchObject({ code: '55P03' });
    });
  });

  it('a query outside of a transaction is given up after queryTimeoutMs', async () => {
    const pool = newPool({ queryTimeoutMs: 300 });
    await expect(pool.query('select pg_sleep(2)')).rejects.toThrow('Query read timeout');
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('retries, savepoints, pages, metrics and the wait for the database do what they do without it', async () => {
    const registry = new Registry();
    const pool = newPool({ max: 4, registry, serverMetrics: true });
    await waitForDatabase(pool);
    const increase = (): Promise<unknown> =>
      withTransaction(
        pool,
        async (client) => {
          const { rows } = await client.query<{ n: number }>('select n from stock where id = 1');
          await withTransaction(client, () => client.query('select nothing')).catch(() => undefined);
          await client.query('update stock set n = $1 where id = 1', [rows[0]!.n + 1]);
        },
        { isolation: 'serializable', maxAttempts: 50, retryTimeoutMs: 20_000, lockTimeoutMs: 5000 },
      );
    await Promise.all([increase(), increase(), increase(), increase()]);
    const page = await findPage(pool, { text: 'select * from stock', orderBy: ['id'], withTotal: true });
    expect(page).toEqual({ data: [{ id: 1, n: 4 }], nextCursor: null, hasNext: false, total: 1 });
    expect(await registry.metrics()).toMatch(/db_size_bytes\{pool="default"\} \d{6,}/);
  });

  it.each(['application-name', 'comment'] as const)(
    'each transaction shows its own request id, by %s, with more requests than connections',
    async (tagQueries) => {
      const pool = newPool({ max: 8, context: getContext, tagQueries, applicationName: 'shop' });
      const own = 'select query, application_name as name from pg_stat_activity where pid = pg_backend_pid()';
      const seen = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          runWithContext({ requestId: `r-${index}` }, () =>
            withTransaction(pool, async (client) => {
              await client.query('select pg_sleep(0.005)');
              const { rows } = await client.query<{ query: string; name: string }>(own);
              return tagQueries === 'comment' ? rows[0]!.query.slice(own.length) : rows[0]!.name;
            }),
          ),
        ),
      );
      const wanted = (index: number): string =>
        tagQueries === 'comment' ? ` /*request_id='r-${index}'*/` : `shop:r-${index}`;
      expect(seen).toEqual(Array.from({ length: 16 }, (_, index) => wanted(index)));
    },
  );
});

describe.skipIf(!tool.isInstalled)('behind PgBouncer in session mode', () => {
  let bouncer: PgBouncer;
  beforeAll(async () => {
    bouncer = await startPgBouncer(pools.url, 'session', 3);
  });
  afterAll(() => bouncer.stop());

  it('the limits are set on every connection before anybody gets it (DB-17)', async () => {
    const pool = pools.create({ connectionString: bouncer.url, pooler: 'session', max: 3, ...limits });
    expect(await Promise.all([limitsOf(pool), limitsOf(pool), limitsOf(pool)])).toEqual([SET, SET, SET]);
    await expect(pool.query('select pg_sleep(30)')).rejects.toMatchObject({ code: '57014' });
    expect(await withTransaction(pool, (client) => limitsOf(client))).toEqual(SET);
  });
});
