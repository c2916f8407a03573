import pg from 'pg';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createPool, observePool, type PoolOptions } from 'express-runbook/postgres';
import { testPools } from '../support/pools.js';
import { recordingLogger, type Line } from '../support/recording-logger.js';

const pools = testPools();
function having(logger: ReturnType<typeof recordingLogger>, message: string): Line[] {
  return logger.lines.filter((line) => line.message === message);
}

const newPool = pools.create;

/** Ends a backend from outside, and waits until our side has noticed. */
async function terminate(client: pg.PoolClient, pid: number): Promise<void> {
  // Not events.once: it rejects on 'error', which comes first here.
  const noticed = new Promise<void>((resolve) => client.once('end', resolve));
  const other = new pg.Client(pools.url);
  await other.connect();
  await other.query('select pg_terminate_backend($1)', [pid]);
  await other.end();
  await noticed;
}

const pidOf = async (client: pg.PoolClient): Promise<number> =>
  (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;

describe('createPool', () => {
  it('returns a real pg.Pool with finite defaults (DB-01, S25)', () => {
    const pool = newPool();
    expect(pool).toBeInstanceOf(pg.Pool);
    expect(pool.options).toMatchObject({
      max: 10,
      min: 0,
      idleTimeoutMillis: 10000,
      connectionTimeoutMillis: 2000,
      statement_timeout: 30000,
      query_timeout: 31000,
      lock_timeout: 10000,
      idle_in_transaction_session_timeout: 60000,
      keepAlive: true,
    });
  });

  it('hands every setting to pg (DB-01)', () => {
    const pool = createPool({
      host: 'db.example',
      port: 6432,
      database: 'app',
      user: 'me',
      password: 'secret',
      ssl: true,
      max: 20,
      idleTimeoutMs: 0,
      connectionTimeoutMs: 5000,
      statementTimeoutMs: 60000,
      queryTimeoutMs: 0,
    });
    expect(pool.options).toMatchObject({ host: 'db.example', port: 6432, database: 'app', user: 'me', ssl: true });
    expect(pool.options).toMatchObject({ max: 20, idleTimeoutMillis: 0, connectionTimeoutMillis: 5000 });
    expect(pool.options).toMatchObject({ statement_timeout: 60000, query_timeout: 0 });
    expect(pool.options.password).toBe('secret');
    expect(JSON.stringify(pool.options)).not.toContain('secret');
  });

  it.each([
    [{ max: 0 }, /createPool\.max must be a whole number of at least 1, got 0/],
    [{ connectionTimeoutMs: 0 }, /connectionTimeoutMs/],
    [{ min: 11 }, /createPool\.min must not be above max, got min 11 and max 10/],
    [{ connectionString: 'postgres://h/d', host: 'h' }, /leave out host/],
    [
      { connectionString: 'postgres://u:hunter2@h:port/d' },
      /connectionString must be a URL like .* got a string of \d+ characters/,
    ],
    [{ maxConnections: 3 }, /createPool\.maxConnections is not an option/],
  ])('refuses %j by name', (options, message) => {
    expect(() => createPool(options as PoolOptions)).toThrow(message);
  });

  it('shows its connections under its application name (DB-15)', async () => {
    const pool = newPool({ applicationName: 'invoice-api' });
    const { rows } = await pool.query('select application_name from pg_stat_activity where pid = pg_backend_pid()');
    expect(rows).toEqual([{ application_name: 'invoice-api' }]);
  });

  it('opens min connections at once (T-48)', async () => {
    const pool = newPool({ min: 3 });
    await expect.poll(() => pool.idleCount).toBe(3);
    expect(pool.totalCount).toBe(3);
  });

  it('says that the server has no TLS (DB-16)', async () => {
    await expect(newPool({ ssl: true }).query('select 1')).rejects.toThrow(
      'The server does not support SSL connections',
    );
  });

  it('cancels a statement that takes too long (DB-04)', async () => {
    const pool = newPool({ statementTimeoutMs: 50 });
    await expect(pool.query('select pg_sleep(5)')).rejects.toMatchObject({ code: '57014' });
  });

  it('runs parallel queries and gives every connection back (DB-19)', async () => {
    const pool = newPool({ max: 3 });
    await Promise.all(Array.from({ length: 30 }, (_, index) => pool.query('select $1::int', [index])));
    expect(pool.totalCount).toBeLessThanOrEqual(3);
    expect([pool.idleCount, pool.waitingCount]).toEqual([pool.totalCount, 0]);
  });
});

describe('a lost connection', () => {
  it('is one error line and not the end of the process when it was idle (DB-06, LOG-40)', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger });
    const client = await pool.connect();
    const pid = await pidOf(client);
    client.release();
    await terminate(client, pid);
    expect(having(logger, 'Unexpected database error')).toEqual([
      {
        level: 'error',
        message: 'Unexpected database error',
        fields: { error: 'terminating connection due to administrator command', code: '57P01', pool: 'default' },
      },
    ]);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('is one error line and not the end of the process when it was checked out (DB-06, LOG-40)', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger });
    const client = await pool.connect();
    await terminate(client, await pidOf(client));
    expect(having(logger, 'Unexpected database error')).toHaveLength(1);
    await expect(client.query('select 1')).rejects.toThrow(/not queryable/);
    client.release();
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(pool.totalCount).toBe(1);
  });

  it('is survived with the callback form of connect too', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger });
    const [client, done] = await new Promise<[pg.PoolClient, () => void]>((resolve) => {
      pool.connect((_error, given, release) => resolve([given!, release]));
    });
    await terminate(client, await pidOf(client));
    done();
    expect(having(logger, 'Unexpected database error')).toHaveLength(1);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('rejects the query that ran on it (S26)', async () => {
    const pool = newPool();
    const client = await pool.connect();
    const pid = await pidOf(client);
    const answer = expect(client.query('select pg_sleep(30)')).rejects.toMatchObject({ code: '57P01' });
    await terminate(client, pid);
    await answer;
    client.release();
  });

  it('does not end the process even if the logger throws', async () => {
    const fail = (): never => {
      throw new Error('thrown on purpose');
    };
    const pool = newPool({ logger: { ...recordingLogger(), debug: fail, error: fail } });
    const client = await pool.connect();
    const pid = await pidOf(client);
    client.release();
    await terminate(client, pid);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('is counted', async () => {
    const registry = new Registry();
    const pool = newPool({ registry });
    const client = await pool.connect();
    await terminate(client, await pidOf(client));
    client.release();
    expect(await registry.getSingleMetricAsString('db_pool_errors_total')).toContain('{pool="default"} 1');
  });

  it('is logged once per outage when it cannot be made, and again when it can', async () => {
    const logger = recordingLogger();
    const pool = createPool({ host: '127.0.0.1', port: 1, logger });
    const refused = { code: 'ERR_POOL_CONNECTION_LOST', cause: { code: 'ECONNREFUSED' } };
    await expect(pool.query('select 1')).rejects.toMatchObject(refused);
    await expect(pool.query('select 1')).rejects.toMatchObject(refused);
    expect(having(logger, 'Database connection failed')).toEqual([
      expect.objectContaining({ fields: expect.objectContaining({ code: 'ECONNREFUSED' }) as unknown }),
    ]);
    expect(logger.lines).toHaveLength(1);
    const url = new URL(pools.url);
    Object.assign(pool.options, { port: Number(url.port), user: url.username, password: url.password });
    Object.assign(pool.options, { database: url.pathname.slice(1) });
    pools.keep(pool);
    await pool.query('select 1');
    expect(having(logger, 'Database connection restored')).toHaveLength(1);
  });
});

describe('a new connection', () => {
  it('is a line at debug (LOG-47)', async () => {
    const logger = recordingLogger();
    await newPool({ logger, name: 'main' }).query('select 1');
    expect(logger.lines).toEqual([
      { level: 'debug', message: 'New database connection established', fields: { pool: 'main' } },
    ]);
  });
});

describe('an exhausted pool', () => {
  it('fails its callers in time, with its numbers and the cure (DB-13)', async () => {
    const pool = newPool({ max: 1 });
    const client = await pool.connect();
    // Read by pg at every checkout; making the connection has had its full time.
    pool.options.connectionTimeoutMillis = 30;
    const waiting = [pool.connect(), pool.query('select 1')];
    expect(pool.waitingCount).toBe(2);
    for (const one of waiting) {
      await expect(one).rejects.toMatchObject({
        code: 'ERR_POOL_EXHAUSTED',
        statusCode: 503,
        message: expect.stringMatching(
          /^timeout exceeded when trying to connect: pool 'default' is exhausted \(total 1, idle 0, waiting \d, max 1\)/,
        ) as string,
      });
    }
    client.release();
    await pool.query('select 1');
  });
});

describe('observePool', () => {
  it('makes an existing pool safe, connected clients included', async () => {
    const logger = recordingLogger();
    const existing = new pg.Pool({ connectionString: pools.url, max: 1 });
    await existing.query('select 1');
    const pool = observePool(existing, { logger, name: 'theirs' });
    pools.keep(pool);
    expect(pool).toBe(existing);
    const client = await pool.connect();
    const result = await client.query('select 1');
    expect(result).toHaveProperty('duration', expect.any(Number));
    await terminate(client, await pidOf(client));
    client.release();
    expect(having(logger, 'Unexpected database error')).toEqual([
      expect.objectContaining({ fields: expect.objectContaining({ pool: 'theirs' }) as unknown }),
    ]);
  });

  it('refuses to observe a pool twice', () => {
    expect(() => observePool(newPool())).toThrow(/observed already/);
  });
});
