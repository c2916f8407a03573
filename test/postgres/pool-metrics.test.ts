import pg from 'pg';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { seriesValue, testPools } from '../support/pools.js';

const pools = testPools();
const newPool = pools.create;

const valueOf = async (registry: Registry, series: string): Promise<number | undefined> =>
  seriesValue(await registry.metrics(), series);

const closed = (registry: Registry, reason: string): Promise<number | undefined> =>
  valueOf(registry, `db_pool_closed_total{pool="default",reason="${reason}"}`);

const errors = (registry: Registry, sqlClass: string): Promise<number | undefined> =>
  valueOf(registry, `db_errors_total{pool="default",sqlstate_class="${sqlClass}"}`);

describe('the metrics of a pool', () => {
  it('show connections in use, idle and waited for, read at the scrape (MET-15, DB-13)', async () => {
    const registry = new Registry();
    const pool = newPool({ registry, max: 4 });
    const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    clients.pop()?.release();
    expect(await valueOf(registry, 'db_pool_connections{pool="default",state="used"}')).toBe(2);
    expect(await valueOf(registry, 'db_pool_connections{pool="default",state="idle"}')).toBe(1);
    expect(await valueOf(registry, 'db_pool_max{pool="default"}')).toBe(4);
    expect(await valueOf(registry, 'db_pool_utilization{pool="default"}')).toBe(0.5);
    expect(await valueOf(registry, 'db_pool_waiting{pool="default"}')).toBe(0);
    expect(await valueOf(registry, 'db_pool_acquire_seconds_count{pool="default"}')).toBe(3);
    for (const client of clients) client.release();
  });

  it('count callers that got no connection in time', async () => {
    const registry = new Registry();
    const pool = newPool({ registry, max: 1 });
    const client = await pool.connect();
    pool.options.connectionTimeoutMillis = 20;
    await expect(pool.query('select 1')).rejects.toThrow();
    client.release();
    expect(await valueOf(registry, 'db_pool_timeouts_total{pool="default"}')).toBe(1);
    expect(await valueOf(registry, 'db_pool_errors_total{pool="default"}')).toBe(0);
  });

  it('keep two pools on one registry apart, and forget a closed one', async () => {
    const registry = new Registry();
    const [reader, writer] = [newPool({ registry, name: 'reader' }), newPool({ registry, name: 'writer' })];
    await reader.query('select 1');
    await Promise.all([writer.query('select pg_sleep(0.01)'), writer.query('select pg_sleep(0.01)')]);
    expect(await valueOf(registry, 'db_pool_connections{pool="reader",state="idle"}')).toBe(1);
    expect(await valueOf(registry, 'db_pool_connections{pool="writer",state="idle"}')).toBe(2);
    await reader.close();
    expect(await valueOf(registry, 'db_pool_connections{pool="reader",state="idle"}')).toBeUndefined();
    expect(await valueOf(registry, 'db_pool_max{pool="writer"}')).toBe(10);
    expect(() => newPool({ registry, name: 'writer' })).toThrow(/name of an open pool on this registry/);
    newPool({ registry, name: 'reader' });
  });

  it('time waiting, use and creation of connections', async () => {
    const registry = new Registry();
    const pool = newPool({ registry, max: 1 });
    await Promise.all([pool.query('select pg_sleep(0.1)'), pool.query('select 1')]);
    for (const [metric, count] of [
      ['acquire', 2],
      ['use', 2],
      ['create', 1],
    ] as const) {
      expect(await valueOf(registry, `db_pool_${metric}_seconds_count{pool="default"}`), metric).toBe(count);
    }
    expect(await valueOf(registry, 'db_pool_acquire_seconds_sum{pool="default"}')).toBeGreaterThan(0.1);
    expect(await valueOf(registry, 'db_pool_use_seconds_sum{pool="default"}')).toBeGreaterThan(0.1);
    expect(await valueOf(registry, 'db_pool_create_seconds_sum{pool="default"}')).toBeGreaterThan(0);
  });

  it('tell how many connections are open, may be and are kept', async () => {
    const registry = new Registry();
    const pool = newPool({ registry, min: 2, max: 5 });
    await expect.poll(() => pool.idleCount).toBe(2);
    for (const [metric, value] of [
      ['open', 2],
      ['min', 2],
      ['max', 5],
    ] as const) {
      expect(await valueOf(registry, `db_pool_${metric}{pool="default"}`), metric).toBe(value);
    }
    // Opening them was nobody's wait.
    expect((await valueOf(registry, 'db_pool_acquire_seconds_count{pool="default"}')) ?? 0).toBe(0);
  });

  it('count closed connections by reason, all from 0', async () => {
    const registry = new Registry();
    const pool = newPool({ registry, idleTimeoutMs: 20, max: 1 });
    for (const reason of ['idle', 'lifetime', 'lost', 'ping', 'error', 'transaction', 'closed']) {
      expect(await closed(registry, reason), reason).toBe(0);
    }
    await pool.query('select 1');
    await expect.poll(() => closed(registry, 'idle')).toBe(1);
    (await pool.connect()).release(true);
    await expect.poll(() => closed(registry, 'error')).toBe(1);
    const victim = await pool.connect();
    const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid');
    const other = new pg.Client(pools.url);
    await other.connect();
    const gone = new Promise((resolve) => victim.once('end', resolve));
    await other.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    await Promise.all([other.end(), gone]);
    victim.release();
    await expect.poll(() => closed(registry, 'lost')).toBe(1);
    await pool.query('select 1');
    await pool.close();
    await expect.poll(() => closed(registry, 'closed')).toBe(1);
  });

  it('count errors by class of the SQLSTATE, once each', async () => {
    const registry = new Registry();
    const pool = newPool({ registry, max: 1 });
    await expect(pool.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
    const client = await pool.connect();
    await expect(client.query('select * from nowhere')).rejects.toMatchObject({ code: '42P01' });
    await expect(
      client.query("do $$ begin raise exception 'own' using errcode = 'ZZ123'; end $$"),
    ).rejects.toMatchObject({ code: 'ZZ123' });
    client.release();
    const byCallback = new Promise((resolve) => {
      pool.query('select 1/0', (error: Error | undefined) => resolve(error));
    });
    expect(await byCallback).toMatchObject({ code: '22012' });
    expect([await errors(registry, '22'), await errors(registry, '42'), await errors(registry, 'other')]).toEqual([
      2, 1, 1,
    ]);
    expect([await errors(registry, '40'), await errors(registry, 'timeout')]).toEqual([0, 0]);
  });

  it('count a connection that the server refuses by its class', async () => {
    const registry = new Registry();
    const nowhere = new URL(pools.url);
    nowhere.pathname = '/nowhere';
    const pool = newPool({ registry, connectionString: nowhere.href });
    await expect(pool.query('select 1')).rejects.toMatchObject({ code: '3D000' });
    expect(await errors(registry, '3D')).toBe(1);
    const away = newPool({ registry, name: 'away', host: '127.0.0.1', port: 1 });
    await expect(away.query('select 1')).rejects.toMatchObject({ code: 'ERR_POOL_CONNECTION_LOST' });
    expect(await valueOf(registry, 'db_errors_total{pool="away",sqlstate_class="connection"}')).toBe(1);
  });
});

/** The campaign takes its time. */
const QUERIES = process.env.CAMPAIGN === '1' ? 100_000 : 20_000;

it(`leaves no listener behind in ${QUERIES} queries`, async () => {
  const pool = newPool({ max: 4, registry: new Registry(), leakThresholdMs: 60_000 });
  const listeners = async (): Promise<number[]> => {
    const client = await pool.connect();
    const ofClient = client.eventNames().map((event) => client.listenerCount(event));
    const ofConnection = client.connection.eventNames().map((event) => client.connection.listenerCount(event));
    const ofSocket = client.connection.stream
      .eventNames()
      .map((event) => client.connection.stream.listenerCount(event));
    client.release();
    return [...ofClient, ...ofConnection, ...ofSocket, ...pool.eventNames().map((event) => pool.listenerCount(event))];
  };
  await Promise.all(Array.from({ length: 4 }, () => pool.query('select 1')));
  const before = await listeners();
  const ask = async (): Promise<void> => {
    for (let round = 0; round < QUERIES / 8; round++) await pool.query('select 1');
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  expect(await listeners()).toEqual(before);
  expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([4, 4, 0]);
});
