import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { Registry } from 'prom-client';
import { getContext, runWithContext } from 'express-runbook';
import type { QueryEvent } from 'express-runbook/postgres';
import { recordingLogger } from '../support/recording-logger.js';
import { testPools } from '../support/pools.js';

const pools = testPools();
const newPool = pools.create;

const SLOW = 'Slow database query detected';

describe('a query', () => {
  it('tells how long it took, by promise and by callback, from the pool and from a client (DB-08, T-13)', async () => {
    const pool = newPool();
    const client = await pool.connect();
    const results: unknown[] = [
      await pool.query('select pg_sleep(0.02)'),
      await client.query({ text: 'select pg_sleep($1)', values: [0.02] }),
      await new Promise((resolve) => {
        pool.query('select pg_sleep(0.02)', (_error, result) => resolve(result));
      }),
      await new Promise((resolve) => {
        client.query('select pg_sleep($1)', [0.02], (_error, result) => resolve(result));
      }),
    ];
    client.release();
    for (const result of results) {
      const { duration } = result as { duration: number };
      expect(duration).toBeGreaterThanOrEqual(19);
      expect(duration).toBeLessThan(5000);
    }
  });

  it('is an event of the pool, without its parameters (DB-07)', async () => {
    const pool = newPool();
    const events: QueryEvent[] = [];
    pool.on('query', (query) => events.push(query));
    await pool.query('select $1::text', ['canary-4711']);
    expect(events).toEqual([{ text: 'select $1::text', durationMs: expect.any(Number) as number }]);
  });

  it('is answered even if a listener or a logger throws', async () => {
    const logger = { ...recordingLogger(), warn: () => expect.unreachable('thrown on purpose') };
    const pool = newPool({ logger, slowQueryThresholdMs: 0 });
    const warnings: unknown[] = [];
    const keep = (warning: Error): unknown => warnings.push(warning.message);
    process.on('warning', keep);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await expect.poll(() => warnings).toEqual([expect.stringContaining('thrown on purpose')]);
    process.off('warning', keep);
  });

  it('is logged at debug on request, without literals and parameters (LOG-46, X-28, X-59)', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger, logQueries: true });
    await pool.query("select 'canary-1' as a, $1::text as b", ['canary-2']);
    const line = logger.lines.find(({ message }) => message === 'Database query');
    expect(line).toMatchObject({ level: 'debug', fields: { text: 'select ? as a, $1::text as b' } });
    expect(JSON.stringify(logger.lines)).not.toContain('canary');
  });

  it('is not logged unless asked for', async () => {
    const logger = recordingLogger();
    await newPool({ logger }).query('select 1');
    expect(logger.lines.map(({ message }) => message)).toEqual(['New database connection established']);
  });

  it('with its own reader passes untouched', async () => {
    const pool = newPool();
    const client = await pool.connect();
    const rows: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      const query = client.query(new pg.Query('select generate_series(1, 3) as n'));
      query.on('row', (row) => rows.push(row));
      query.on('end', () => resolve());
      query.on('error', reject);
    });
    client.release();
    expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });
});

describe('a slow query', () => {
  it('is one line with text, duration and who asked; a fast one is none (LOG-31, DB-09)', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger, context: getContext, slowQueryThresholdMs: 400 });
    await runWithContext({ requestId: 'r-1', correlationId: 'c-1' }, async () => {
      await pool.query('select 1');
      await pool.query('select pg_sleep(0.45)');
    });
    const slow = logger.lines.filter(({ message }) => message === SLOW);
    expect(slow).toHaveLength(1);
    expect(slow[0]).toMatchObject({
      level: 'warn',
      fields: { query: 'select pg_sleep(?)', requestId: 'r-1', correlationId: 'c-1', pool: 'default' },
    });
    expect(slow[0]?.fields.duration).toBeGreaterThanOrEqual(450);
  });

  it('shows no value, neither parameters nor literals of any kind (LOG-31, S30)', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger, slowQueryThresholdMs: 0 });
    await pool.query(
      `select $1::text, 'canary', e'it\\'s canary', $$canary$$, $tag$canary$tag$, 4711, -- canary
       /* canary */ 'it''s canary' as "column", U&'canary'`,
      ['canary'],
    );
    const line = logger.lines.find(({ message }) => message === SLOW);
    expect(line?.fields.query).toBe('select $1::text, ?, ?, ?, ?, ?, ? as "column", U&?');
    expect(JSON.stringify(logger.lines)).not.toMatch(/canary|4711/);
  });

  it.each([
    ['select 1 /* a /* b */ canary */ from t', 'select ? from t'],
    ['select /* open /* x */ canary', 'select'],
    [
      "select * from t where a in (1, 'x') and b in ($1,$2) and c in (select 1)",
      'select * from t where a in (…) and b in (…) and c in (select ?)',
    ],
    ["insert into t values ($1, default, 'x'), ($2, $3, 'y') returning id", 'insert into t values (…) returning id'],
    ['values (1,2), (3, now())', 'values (…), (?, now())'],
    ["select a/b*c, -1.5e3, x'1f', n'abc' /***/", 'select a/b*c, -?, x?, n?'],
  ])('has one shape: %s', async (text, shape) => {
    const logger = recordingLogger();
    const pool = newPool({ logger, slowQueryThresholdMs: 0 });
    await pool.query(text).catch(() => undefined);
    expect(logger.lines.find(({ message }) => message === SLOW)?.fields.query).toBe(shape);
  });

  it('shows bounded text, and nothing of a literal that reaches over the bound', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger, slowQueryThresholdMs: 0 });
    await pool.query(`select '${'canary '.repeat(5000)}' as ${'a'.repeat(63)}`);
    await pool.query(`select ${Array.from({ length: 500 }, (_, index) => `1 as column_${index}`).join(', ')}`);
    const queries = logger.lines.filter(({ message }) => message === SLOW).map(({ fields }) => String(fields.query));
    expect(queries[0]).toBe('select ?');
    expect(queries[1]).toHaveLength(1001);
  });

  it('names the request that asked, not the one that freed the connection (S14)', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger, context: getContext, max: 1, slowQueryThresholdMs: 0 });
    const asked = Array.from({ length: 5 }, (_, index) =>
      runWithContext({ requestId: `r-${index}` }, async () => {
        await pool.query(`select 1 as column_${index}`);
        return getContext()?.requestId;
      }),
    );
    expect(await Promise.all(asked)).toEqual(['r-0', 'r-1', 'r-2', 'r-3', 'r-4']);
    const lines = logger.lines.filter(({ message }) => message === SLOW);
    expect(lines.map(({ fields }) => [fields.query, fields.requestId])).toEqual(
      Array.from({ length: 5 }, (_, index) => [`select ? as column_${index}`, `r-${index}`]),
    );
  });

  it('calls back in the context of its caller (S14)', async () => {
    const pool = newPool({ max: 1 });
    const ids = Array.from(
      { length: 3 },
      (_, index) =>
        new Promise((resolve) => {
          runWithContext({ requestId: `r-${index}` }, () => {
            pool.query('select 1', () => resolve(getContext()?.requestId));
          });
        }),
    );
    expect(await Promise.all(ids)).toEqual(['r-0', 'r-1', 'r-2']);
  });
});

describe('the metrics of queries', () => {
  const valueOf = async (registry: Registry, line: string): Promise<number | undefined> => {
    const found = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.slice(line.length + 1));
  };

  it('count each query once, by operation (MET-16)', async () => {
    const registry = new Registry();
    const pool = newPool({ registry });
    await pool.query('create temp table t (n int)');
    await pool.query('/* by hand */ INSERT into t values (1)');
    await pool.query('with a as (select 1) select * from a');
    await expect(pool.query('select * from nowhere')).rejects.toMatchObject({ code: '42P01' });
    await pool.query('(select 1)');
    const count = (operation: string): Promise<number | undefined> =>
      valueOf(registry, `db_query_duration_seconds_count{pool="default",operation="${operation}"}`);
    expect([await count('select'), await count('insert'), await count('other')]).toEqual([2, 1, 2]);
  });

  it('count named queries by name too, and keep their series few', async () => {
    const registry = new Registry();
    const pool = newPool({ registry });
    const count = (query: string): Promise<number | undefined> =>
      valueOf(registry, `db_named_query_duration_seconds_count{pool="default",query="${query}"}`);
    await pool.query({ queryName: 'find user', text: 'select 1' });
    await pool.query({ queryName: 'find user', text: 'select $1::int', values: [1] });
    await pool.query({ name: 'prepared', text: 'select 1' });
    for (let n = 0; n < 120; n++) await pool.query({ queryName: `made up ${n}`, text: 'select 1' });
    expect([await count('find user'), await count('prepared'), await count('made up 97')]).toEqual([2, 1, 1]);
    expect([await count('made up 98'), await count('__other__')]).toEqual([undefined, 22]);
  });

  it('count slow queries, from 0 (MET-17)', async () => {
    const registry = new Registry();
    const pool = newPool({ registry });
    expect(await valueOf(registry, 'db_slow_queries_total{pool="default"}')).toBe(0);
    await pool.query('select pg_sleep(0.15)');
    expect(await valueOf(registry, 'db_slow_queries_total{pool="default"}')).toBe(1);
  });
});
