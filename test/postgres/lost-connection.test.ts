import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { withTransaction, type ObservedPool, type PoolOptions } from 'express-runbook/postgres';
import { faultProxy } from '../support/fault-proxy.js';
import { testPools } from '../support/pools.js';

const pools = testPools();
const newPool = (options: PoolOptions): ObservedPool => pools.create({ max: 1, ...options });

const LOST = { name: 'PoolError', code: 'ERR_POOL_CONNECTION_LOST', statusCode: 503, headers: { 'Retry-After': '5' } };

/** Takes longer than any test. No two are the same: the server goes on with one whose client is gone. */
const longQuery = (): string => `select pg_sleep(30) as "${randomUUID()}"`;

async function running(text: string): Promise<void> {
  const other = newPool({ connectionString: pools.url });
  await expect
    .poll(async () => (await other.query('select 1 from pg_stat_activity where query = $1', [text])).rowCount)
    .toBe(1);
}

type Ask = (pool: ObservedPool, text: string) => Promise<unknown>;

const WAYS: [string, Ask][] = [
  ['pool.query', (pool, text) => pool.query(text)],
  [
    'pool.query with a callback',
    (pool, text) =>
      new Promise((resolve, reject) => {
        pool.query(text, (error: Error | undefined, result: unknown) => (error ? reject(error) : resolve(result)));
      }),
  ],
  ['a client in a transaction', (pool, text) => withTransaction(pool, (client) => client.query(text))],
  [
    'a client with a callback',
    async (pool, text) => {
      const client = await pool.connect();
      try {
        return await new Promise((resolve, reject) => {
          client.query(text, (error: Error | undefined, result: unknown) => (error ? reject(error) : resolve(result)));
        });
      } finally {
        client.release();
      }
    },
  ],
];

describe('a connection that breaks', () => {
  it.each(WAYS)(
    'under a query of %s is ERR_POOL_CONNECTION_LOST with its cause, and the next works',
    async (_way, ask) => {
      const proxy = await faultProxy(pools.url);
      const pool = newPool({ connectionString: proxy.url });
      const text = longQuery();
      const answer = expect(ask(pool, text)).rejects.toMatchObject({
        ...LOST,
        message: expect.stringMatching(/^read ECONNRESET: the pool 'default'/) as string,
        cause: { code: 'ECONNRESET' },
      });
      await running(text);
      proxy.cut();
      await answer;
      await expect(ask(pool, 'select 1')).resolves.toMatchObject({ rowCount: 1 });
      await pool.close();
      await proxy.close();
    },
  );

  it('is told to whoever asks on it again', async () => {
    const proxy = await faultProxy(pools.url);
    const pool = newPool({ connectionString: proxy.url });
    const client = await pool.connect();
    const noticed = new Promise((resolve) => client.once('end', resolve));
    proxy.cut();
    await noticed;
    await expect(client.query('select 1')).rejects.toMatchObject(LOST);
    client.release();
    await pool.close();
    await proxy.close();
  });

  it.each(WAYS)('because the pool was closed over a query of %s is one too', async (_way, ask) => {
    const pool = newPool({ connectionString: pools.url });
    const text = longQuery();
    const answer = expect(ask(pool, text)).rejects.toMatchObject(LOST);
    await running(text);
    await pool.close({ timeoutMs: 0 });
    await answer;
  });
});

describe('a connection that cannot be made', () => {
  it.each<[string, PoolOptions, string]>([
    ['port is closed', { host: '127.0.0.1', port: 1 }, 'ECONNREFUSED'],
    ['port is closed on every address', { host: 'localhost', port: 1 }, 'ECONNREFUSED'],
    ['name is unknown', { host: 'no-such-host.invalid' }, 'ENOTFOUND'],
    ['socket is not there', { host: join(tmpdir(), 'no-such-folder') }, 'ENOENT'],
  ])('because its %s is ERR_POOL_CONNECTION_LOST and says why', async (_why, options, code) => {
    const registry = new Registry();
    const pool = newPool({ user: 'me', database: 'd', registry, ...options });
    await expect(pool.query('select 1')).rejects.toMatchObject({
      ...LOST,
      message: expect.stringContaining(code === 'ENOTFOUND' ? 'no-such-host.invalid' : code) as string,
      // A resolver that is away says EAI_AGAIN.
      cause: { code: code === 'ENOTFOUND' ? (expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as string) : code },
    });
    await expect(pool.connect()).rejects.toMatchObject(LOST);
    const metrics = await registry.metrics();
    expect(metrics).toContain('db_pool_errors_total{pool="default"} 2');
    expect(metrics).toContain('db_pool_timeouts_total{pool="default"} 0');
  });

  it('because the server says no is the error as it came', async () => {
    const nowhere = new URL(pools.url);
    nowhere.pathname = '/nowhere';
    await expect(newPool({ connectionString: nowhere.href }).query('select 1')).rejects.toMatchObject({
      name: 'error',
      code: '3D000',
    });
  });
});
