import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { snippetsOf } from '../guides/snippets-of.js';
import { testDatabase } from '../support/postgres.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  vi.unstubAllEnvs();
});

/** A database that the next example finds, and that is gone after its test. */
async function ownDatabase(): Promise<void> {
  const database = await testDatabase();
  closing.push(() => database.drop());
  vi.stubEnv('DATABASE_URL', database.url);
}

describe('the examples of the reference that need a database', () => {
  it('health-checks: the database and another service are asked', async () => {
    await ownDatabase();
    const payments = createServer((_req, res) => res.end()).listen(0, '127.0.0.1');
    await once(payments, 'listening');
    closing.push(() => {
      payments.close();
      payments.closeAllConnections();
    });
    vi.stubEnv('PAYMENTS_URL', `http://127.0.0.1:${String((payments.address() as AddressInfo).port)}/`);
    const { close, health } = await import('./examples/health-checks.js');
    const { checks } = await health.report();
    await close();
    expect(checks.map(({ name }) => name)).toEqual(['database', 'payments', 'memory', 'diskSpace', 'eventLoop']);
    // Slow is not down: the first connection of a loaded machine may take longer than `degradedAboveMs`.
    expect(checks.slice(0, 2).filter(({ status }) => status === 'down')).toEqual([]);
    expect(checks.map(({ critical }) => critical)).toEqual([true, false, false, false, false]);
  });

  it('postgres-pool: a result with its duration, and advice about the size', async () => {
    await ownDatabase();
    const { advice, duration, metrics, pool, rows } = await import('./examples/postgres-pool.js');
    expect(rows).toEqual([{ answer: 42 }]);
    expect(duration).toBeGreaterThanOrEqual(0);
    expect(advice).toMatchObject({ wanted: 15, isWithin: true });
    expect(await metrics.render()).toMatch(/db_named_query_duration_seconds_count\{.*query="answer".*\} 1/);
    await pool.close();
  });

  it('postgres-queries: both or neither, and a page', async () => {
    await ownDatabase();
    const { first, pool, transfer } = await import('./examples/postgres-queries.js');
    expect(first).toMatchObject({ data: [{ id: 1 }, { id: 2 }], hasNext: true });
    await transfer(1, 2, 30);
    await expect(transfer(3, 2, 1)).rejects.toMatchObject({ code: '23514' });
    const { rows } = await pool.query<{ balance: number }>('SELECT balance FROM accounts ORDER BY id');
    expect(rows).toEqual([{ balance: 70 }, { balance: 30 }, { balance: 0 }]);
    await pool.close();
  });

  it('migrations: what is planned is applied', async () => {
    await ownDatabase();
    const dir = mkdtempSync(join(tmpdir(), 'migrations-'));
    closing.push(() => rmSync(dir, { recursive: true }));
    writeFileSync(join(dir, '20260101_090000_add_orders.sql'), 'CREATE TABLE orders (id INT PRIMARY KEY);\n');
    vi.stubEnv('MIGRATIONS_DIR', dir);
    const { applied, planned, status } = await import('./examples/migrations.js');
    expect(planned).toEqual(['20260101_090000_add_orders']);
    expect(applied).toEqual(planned);
    expect(status).toMatchObject([{ name: '20260101_090000_add_orders', state: 'applied', hasRollback: false }]);
  });

  it('usage-meter: what a call used is counted for its client', async () => {
    await ownDatabase();
    const setUp = new pg.Pool({ connectionString: process.env.DATABASE_URL });
    await setUp.query('CREATE TABLE clients (id UUID PRIMARY KEY)');
    await setUp.query(snippetsOf('docs/guides/services.md', 'sql')[0]?.code ?? '');
    const client = '00000000-0000-4000-8000-000000000001';
    await setUp.query('INSERT INTO clients VALUES ($1)', [client]);
    await setUp.end();
    const { pool, summary, used } = await import('./examples/usage-meter.js');
    expect(await summary(client, 'a long text about bolts')).toBe('a long text about bo');
    expect(await used(client)).toMatchObject({ tokens: 1000, quotaTokens: 1_000_000 });
    await pool.end();
  });

  it('jobs: a job that was created is done', async () => {
    await ownDatabase();
    const setUp = new pg.Pool({ connectionString: process.env.DATABASE_URL });
    await setUp.query(readFileSync(new URL('../guides/jobs/table.sql', import.meta.url), 'utf8'));
    await setUp.end();
    const { id, jobs, pool } = await import('./examples/jobs.js');
    await expect
      .poll(() => jobs.find(id), { timeout: 10_000 })
      .toMatchObject({ status: 'completed', result: { sent: 7 } });
    await jobs.close();
    await pool.close();
  });

  it('test-postgres: a database of its own', async () => {
    vi.stubEnv('TEST_DATABASE_URL', inject('postgresAdminUrl'));
    const { postgres, rows } = await import('./examples/test-postgres.js');
    expect(rows).toEqual([{ answer: 42 }]);
    await postgres.stop();
  });
});
