import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createPool, OBSERVE_DEFAULTS, POOL_DEFAULTS } from 'express-runbook/postgres';
import { testPools } from '../support/pools.js';
import { rowsOf, snippetsOf } from './snippets-of.js';

const PAGE = 'docs/guides/postgres.md';
const pools = testPools();

describe('the page about the Postgres pool', () => {
  it('shows code that is compiled and run here, and no other', () => {
    const snippets = snippetsOf(PAGE, 'ts');
    expect(snippets.map(({ path }) => path)).toEqual([
      'test/guides/postgres/pool.ts',
      'test/guides/postgres/size.ts',
      'test/guides/postgres/transfer.ts',
      'test/guides/postgres/list.ts',
      'test/guides/postgres/behind-pgbouncer.ts',
    ]);
    for (const { code, source } of snippets) expect(code).toBe(source);
  });

  it('shows code that works', async () => {
    process.env.DATABASE_URL = pools.url;
    process.env.LOG_LEVEL = 'fatal';
    process.env.LOG_REQUESTS = 'false';
    const { app, pool, ops } = await import('./postgres/pool.js');
    await pool.query('CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL)');
    await pool.query('INSERT INTO orders VALUES (1, 10), (2, 20), (3, 30)');

    const answer = await request(app).get('/orders/2').expect(200);
    expect([answer.body, answer.headers['server-timing']]).toEqual([
      [{ id: 2, total: 20 }],
      expect.stringMatching(/^db/),
    ]);

    const { transfer } = await import('./postgres/transfer.js');
    await transfer(3, 1, 5);
    const { listOrders } = await import('./postgres/list.js');
    const first = await listOrders(2);
    const rest = await listOrders(2, first.nextCursor ?? undefined);
    expect([...first.data, ...rest.data]).toEqual([
      { id: 1, total: 15 },
      { id: 2, total: 20 },
      { id: 3, total: 25 },
    ]);

    const { advice, best, usual } = await import('./postgres/size.js');
    expect([advice.wanted, best, usual]).toEqual([4 * ops.config.database.poolMax, 17, { from: 20, to: 50 }]);
    const { pooled } = await import('./postgres/behind-pgbouncer.js');
    pools.keep(pooled);
    pools.keep(pool);
    expect((await pooled.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('has every option with its default', () => {
    const rows = rowsOf(PAGE);
    const spelled = (value: unknown): string => `\`${typeof value === 'string' ? `'${value}'` : String(value)}\``;
    const defaults = Object.entries({ ...POOL_DEFAULTS, ...OBSERVE_DEFAULTS }).filter(([name]) => name !== 'logger');
    const shown = defaults.map(([name]) => [name, rows.get(name)?.[0]]);
    expect(shown).toEqual(defaults.map(([name, value]) => [name, spelled(value)]));
  });

  it('has every metric of a pool, and none that there is not', async () => {
    const registry = new Registry();
    const pool = pools.keep(createPool({ connectionString: pools.url, registry, serverMetrics: true }));
    await pool.query({ text: 'SELECT 1', queryName: 'one' });
    const shown = [...rowsOf(PAGE).keys()].filter((key) => key.startsWith('db_'));
    expect(shown.sort()).toEqual(metricsIn(await registry.metrics()).sort());
  });
});

/** The metrics of a pool in an exposition, with their labels beside that of the pool. */
function metricsIn(exposition: string): string[] {
  const names = [...exposition.matchAll(/^# TYPE (db_\w+)/gm)].map(([, name = '']) => name);
  return names.map((name) => {
    const series = new RegExp(`^${name}(?:_count)?\\{(.*)\\} `, 'm').exec(exposition)?.[1] ?? '';
    const labels = [...series.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'pool');
    return labels.length === 0 ? name : `${name}{${labels.join()}}`;
  });
}
