import pg from 'pg';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createMetrics } from 'express-runbook';
import { testPools } from '../support/pools.js';
import { testServer } from '../support/postgres.js';
import { recordingLogger } from '../support/recording-logger.js';

const pools = testPools();
const newPool = pools.create;

async function valueOf(registry: Registry, name: string, pool = 'default'): Promise<number | undefined> {
  const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${name}{pool="${pool}"} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

describe('what the server says of the database', () => {
  it('is its size, deadlocks and conflicts, read at the scrape (MET-18, MET-19)', async () => {
    const registry = new Registry();
    const pool = newPool({ registry, serverMetrics: true });
    await pool.query('create table pair (id int primary key, n int); insert into pair values (1, 0), (2, 0)');
    expect(await valueOf(registry, 'db_deadlocks_total')).toBe(0);
    expect(await valueOf(registry, 'db_conflicts_total')).toBe(0);
    const { rows } = await pool.query<{ size: string }>('select pg_database_size(current_database()) as size');
    expect(await valueOf(registry, 'db_size_bytes')).toBe(Number(rows[0]?.size));

    await deadlock(pools.url);
    // The server publishes its counters about once a second.
    await expect.poll(() => valueOf(registry, 'db_deadlocks_total'), { timeout: 10_000, interval: 200 }).toBe(1);
  });

  it('is not asked unless wished for', async () => {
    const registry = new Registry();
    const pool = newPool({ registry });
    expect(await registry.metrics()).not.toContain('db_size_bytes');
    expect(pool.totalCount).toBe(0);
  });

  it('is asked once per scrape, for each pool, and forgotten with the pool', async () => {
    const registry = new Registry();
    const texts: string[] = [];
    const reader = newPool({ registry, serverMetrics: true, name: 'reader' });
    const writer = newPool({ registry, serverMetrics: true, name: 'writer' });
    reader.on('query', ({ text }) => texts.push(text));
    expect(await valueOf(registry, 'db_size_bytes', 'reader')).toBeGreaterThan(1e6);
    expect(texts).toHaveLength(1);
    await reader.close();
    expect(await valueOf(registry, 'db_size_bytes', 'reader')).toBeUndefined();
    expect(await valueOf(registry, 'db_size_bytes', 'writer')).toBeGreaterThan(1e6);
    expect(writer.totalCount).toBe(1);
  });

  it('never competes with callers for the last connection', async () => {
    const registry = new Registry();
    const pool = newPool({ registry, serverMetrics: true, max: 1 });
    const client = await pool.connect();
    const startedAt = performance.now();
    expect(await valueOf(registry, 'db_size_bytes')).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(400);
    expect(pool.waitingCount).toBe(0);
    client.release();
  });

  it('never holds up a scrape: frozen, the server costs it half a second at most, and its last values stay', async () => {
    const server = await testServer();
    const logger = recordingLogger();
    const metrics = createMetrics({ defaultMetrics: false });
    const pool = newPool({
      connectionString: server.url,
      max: 1,
      registry: metrics.registry,
      serverMetrics: true,
      logger,
      statementTimeoutMs: 300,
      queryTimeoutMs: 800,
      connectionTimeoutMs: 800,
    });
    const size = /db_size_bytes\{pool="default"\} \d{6,}/;
    expect(await metrics.render()).toMatch(size);
    await new Promise((resolve) => setTimeout(resolve, 600));
    const { rows } = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    // Backends have process groups of their own; without the postmaster nobody gets a new one.
    const frozen = [rows[0]!.pid, server.pid];
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    try {
      for (let scrape = 0; scrape < 3; scrape++) {
        const startedAt = performance.now();
        expect(await metrics.render()).toMatch(size);
        expect(performance.now() - startedAt).toBeLessThan(1500);
      }
      const told = (): unknown[] => logger.lines.filter(({ message }) => message.startsWith('Database statistics'));
      await expect.poll(told, { timeout: 5000 }).toHaveLength(1);
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
    }
    await pool.close({ timeoutMs: 0 });
    await server.stop();
  });
});

/** Two that wait for each other, until the server ends one of them. */
async function deadlock(connectionString: string): Promise<void> {
  const clients = [new pg.Client({ connectionString }), new pg.Client({ connectionString })] as const;
  for (const client of clients) {
    await client.connect();
    await client.query("set deadlock_timeout = '20ms'");
    await client.query('begin');
  }
  const [one, two] = clients;
  await one.query('update pair set n = 1 where id = 1');
  await two.query('update pair set n = 1 where id = 2');
  const ends = await Promise.allSettled([
    one.query('update pair set n = 2 where id = 2'),
    two.query('update pair set n = 2 where id = 1'),
  ]);
  expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  for (const client of clients) await client.end();
}
