import { randomUUID } from 'node:crypto';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPool, withTransaction, type ObservedPool, type PoolOptions } from 'express-runbook/postgres';
import { testDatabase } from '../support/postgres.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
const open: ObservedPool[] = [];

beforeAll(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => pool.close({ timeoutMs: 0 })));
});
afterAll(() => database.drop());

function newPool(options: PoolOptions): ObservedPool {
  const pool = createPool({ max: 1, ...options });
  open.push(pool);
  return pool;
}

const LOST = { name: 'PoolError', code: 'ERR_POOL_CONNECTION_LOST', statusCode: 503, headers: { 'Retry-After': '5' } };

/** A cable to the database that can be cut. */
async function cable(): Promise<{ url: string; cut: () => void; unplug: () => Promise<void> }> {
  const { hostname, port } = new URL(database.url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far).pipe(near);
    sockets.add(near);
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(database.url);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
    sockets.clear();
  };
  return { url: url.href, cut, unplug: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Takes longer than any test. No two are the same: the server goes on with one whose client is gone. */
const longQuery = (): string => `select pg_sleep(30) as "${randomUUID()}"`;

async function running(text: string): Promise<void> {
  const other = newPool({ connectionString: database.url });
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
      const { url, cut, unplug } = await cable();
      const pool = newPool({ connectionString: url });
      const text = longQuery();
      const answer = expect(ask(pool, text)).rejects.toMatchObject({
        ...LOST,
        message: expect.stringMatching(/^read ECONNRESET: the pool 'default'/) as string,
        cause: { code: 'ECONNRESET' },
      });
      await running(text);
      cut();
      await answer;
      await expect(ask(pool, 'select 1')).resolves.toMatchObject({ rowCount: 1 });
      await pool.close();
      await unplug();
    },
  );

  it('is told to whoever asks on it again', async () => {
    const { url, cut, unplug } = await cable();
    const pool = newPool({ connectionString: url });
    const client = await pool.connect();
    const noticed = new Promise((resolve) => client.once('end', resolve));
    cut();
    await noticed;
    await expect(client.query('select 1')).rejects.toMatchObject(LOST);
    client.release();
    await pool.close();
    await unplug();
  });

  it.each(WAYS)('because the pool was closed over a query of %s is one too', async (_way, ask) => {
    const pool = newPool({ connectionString: database.url });
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
    const nowhere = new URL(database.url);
    nowhere.pathname = '/nowhere';
    await expect(newPool({ connectionString: nowhere.href }).query('select 1')).rejects.toMatchObject({
      name: 'error',
      code: '3D000',
    });
  });
});
