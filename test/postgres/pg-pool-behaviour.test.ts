import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createPool, type ObservedPool } from 'express-runbook/postgres';
import { testPools } from '../support/pools.js';

const pools = testPools();

/** A row-by-row reader in the way of pg-cursor: it asks for so many rows, and lets the server wait in between. */
class Cursor {
  text = 'select generate_series(1, 5) as n';
  readonly rows: unknown[] = [];
  #connection: CursorConnection | undefined;
  #onRows: (() => void) | undefined;
  #onEnd: (() => void) | undefined;
  readonly ended = new Promise<void>((resolve) => (this.#onEnd = resolve));

  submit(connection: CursorConnection): void {
    this.#connection = connection;
    connection.parse({ text: this.text }, true);
    connection.bind({ portal: 'c', values: [] }, true);
    connection.describe({ type: 'P', name: 'c' }, true);
    connection.flush();
  }
  read(rows: number): Promise<void> {
    this.#connection?.execute({ portal: 'c', rows }, true);
    this.#connection?.flush();
    return new Promise((resolve) => (this.#onRows = resolve));
  }
  end(): void {
    this.#connection?.sync();
  }
  handleDataRow({ fields }: { fields: unknown[] }): void {
    this.rows.push(fields[0]);
  }
  handlePortalSuspended(): void {
    this.#onRows?.();
  }
  handleCommandComplete(): void {
    this.#onRows?.();
  }
  handleReadyForQuery(): void {
    this.#onEnd?.();
  }
  handleRowDescription(): void {
    // Rows come as text.
  }
  handleError(error: unknown): void {
    throw error;
  }
}
interface CursorConnection {
  parse(query: object, more: boolean): void;
  bind(config: object, more: boolean): void;
  describe(message: object, more: boolean): void;
  execute(config: object, more: boolean): void;
  flush(): void;
  sync(): void;
}

// https://node-postgres.com/apis/pool, and the tests of brianc/node-postgres packages/pg-pool/test.
describe('as pg-pool documents it, our pool', () => {
  it('connects by promise and by callback with its release', async () => {
    const pool = pools.create({ max: 1 });
    const byPromise = await pool.connect();
    expect(byPromise).toBeInstanceOf(pg.Client);
    byPromise.release();
    const rows = await new Promise((resolve, reject) => {
      pool.connect((error, client, release) => {
        if (error !== undefined || client === undefined) {
          reject(error ?? new Error('no client'));
          return;
        }
        client.query('select 1 as one', (failure, result) => {
          release();
          // Against pg's types it is null when all went well.
          if ((failure as Error | null) === null) resolve(result.rows);
          else reject(failure);
        });
      });
    });
    expect(rows).toEqual([{ one: 1 }]);
    expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);
  });

  it('hands an error to the callback of connect, and a release that does nothing', async () => {
    const pool = pools.create({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    const error = await new Promise<unknown>((resolve) => {
      pool.connect((failure, client, release) => {
        release();
        resolve(client ?? failure);
      });
    });
    expect(error).toMatchObject({ code: 'ERR_POOL_CONNECTION_LOST' });
    expect(pool.totalCount).toBe(0);
  });

  it('emits connect, acquire, release and remove, in this order and with the client', async () => {
    const pool = pools.create({ max: 1 });
    const seen: [string, boolean][] = [];
    let client: pg.PoolClient | undefined;
    for (const event of ['connect', 'acquire', 'remove'] as const) {
      pool.on(event, (one) => seen.push([event, client === undefined || one === client]));
    }
    pool.on('release', (_error, one) => seen.push(['release', one === client]));
    client = await pool.connect();
    client.release();
    client = await pool.connect();
    client.release(true);
    await expect.poll(() => seen).toHaveLength(6);
    expect(seen.map(([event]) => event)).toEqual(['connect', 'acquire', 'release', 'acquire', 'release', 'remove']);
    expect(seen.every(([, isTheClient]) => isTheClient)).toBe(true);
  });

  it('emits error for an idle client, which is gone then, and the query after it works', async () => {
    const pool = pools.create({ max: 2 });
    const [idle, other] = await Promise.all([pool.connect(), pool.connect()]);
    const { rows } = await idle.query<{ pid: number }>('select pg_backend_pid() as pid');
    idle.release();
    const errors: unknown[] = [];
    pool.on('error', (error, client) => errors.push([(error as { code?: string }).code, client === idle]));
    await other.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    other.release();
    await expect.poll(() => errors).toEqual([['57P01', true]]);
    expect(pool.totalCount).toBe(1);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('counts total, idle and waiting, and serves who waits in the order they came', async () => {
    const pool = pools.create({ max: 2 });
    const held = await Promise.all([pool.connect(), pool.connect()]);
    const served: number[] = [];
    const waiting = [1, 2, 3].map((n) => pool.query('select 1').then(() => served.push(n)));
    expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([2, 0, 3]);
    held[0].release();
    await Promise.all(waiting);
    expect(served).toEqual([1, 2, 3]);
    held[1].release();
    expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([2, 2, 0]);
  });

  it('closes a client that is released with an error or true, and keeps it otherwise', async () => {
    const pool = pools.create({ max: 1 });
    for (const [argument, total] of [
      [new Error('bad'), 0],
      [true, 0],
      [false, 1],
      [undefined, 1],
    ] as const) {
      const client = await pool.connect();
      client.release(argument);
      expect(pool.totalCount, String(argument)).toBe(total);
    }
  });

  it('throws when a client is released twice', async () => {
    const client = await pools.create().connect();
    client.release();
    expect(() => client.release()).toThrow(/Release called on client which has already been released/);
  });

  it('ends: who has a client finishes, idle ones go, nobody gets one, and a second end is an error', async () => {
    const pool = createPool({ connectionString: pools.url, max: 2 });
    const [used, idle] = await Promise.all([pool.connect(), pool.connect()]);
    idle.release();
    const ended = pool.end();
    expect(pool.ending).toBe(true);
    await expect(pool.query('select 1')).rejects.toThrow();
    await expect(pool.end()).rejects.toThrow('Called end on pool more than once');
    expect((await used.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(pool.ended).toBe(false);
    used.release();
    await ended;
    expect([pool.ended, pool.totalCount]).toEqual([true, 0]);
  });

  it('ends by callback too, and when it was never used', async () => {
    const pool = createPool({ connectionString: pools.url });
    await new Promise<void>((resolve) => pool.end(() => resolve()));
    expect(pool.ended).toBe(true);
  });

  it('refuses a function as the first argument of query, as pg says', async () => {
    const pool = pools.create();
    const error = await new Promise<unknown>((resolve) => {
      (pool.query as unknown as (callback: (error: unknown) => void) => void)(resolve);
    });
    expect(error).toMatchObject({ message: expect.stringContaining('not supported') as string });
  });

  it('rejects a query that is none, and says so', async () => {
    const pool = pools.create();
    await expect(pool.query(null as unknown as string)).rejects.toThrow(/null or undefined query/);
    await expect(pool.query({} as pg.QueryConfig)).rejects.toThrow(/either text or a name/);
    expect(pool.idleCount).toBe(pool.totalCount);
  });
});

describe('every form of a query', () => {
  type Form = (on: ObservedPool | pg.PoolClient) => Promise<{ rows: unknown; duration?: number }>;
  const byCallback = (
    ask: (done: (error: Error | null, result: pg.QueryResult) => void) => unknown,
  ): ReturnType<Form> =>
    new Promise((resolve, reject) => {
      ask((error, result) => {
        if (error) reject(error);
        else resolve(result as pg.QueryResult & { duration?: number });
      });
    });
  // pg's types know neither the callback inside of a config nor the promise of some overloads.
  const ask = (on: ObservedPool | pg.PoolClient) =>
    on.query.bind(on) as unknown as (...args: unknown[]) => ReturnType<Form>;
  const FORMS: [string, Form][] = [
    ['text', (on) => ask(on)('select 7 as n')],
    ['text and values', (on) => ask(on)('select $1::int as n', [7])],
    ['config', (on) => ask(on)({ text: 'select $1::int as n', values: [7] })],
    ['config and values', (on) => ask(on)({ text: 'select $1::int as n' }, [7])],
    ['named', (on) => ask(on)({ name: 'seven', text: 'select $1::int as n', values: [7] })],
    ['rowMode array', (on) => ask(on)({ text: 'select 7 as n', rowMode: 'array' })],
    ['text and callback', (on) => byCallback((done) => ask(on)('select 7 as n', done))],
    ['text, values and callback', (on) => byCallback((done) => ask(on)('select $1::int as n', [7], done))],
    ['config and callback', (on) => byCallback((done) => ask(on)({ text: 'select 7 as n' }, done))],
    ['config with its callback', (on) => byCallback((callback) => ask(on)({ text: 'select 7 as n', callback }))],
  ];

  it.each(FORMS)('%s: answers, tells its duration, and is one event (DB-07, DB-08, T-13)', async (form, run) => {
    const pool = pools.create({ max: 1 });
    const events: string[] = [];
    pool.on('query', ({ text }) => events.push(text));
    // Inside of a config pg-pool itself never sees the callback.
    const isForPool = form !== 'config with its callback';
    const client = isForPool ? undefined : await pool.connect();
    for (let time = 1; time <= 2; time++) {
      const result = await run(client ?? pool);
      expect(result.rows).toEqual(form === 'rowMode array' ? [[7]] : [{ n: 7 }]);
      expect(result.duration).toBeGreaterThan(0);
      expect(events).toHaveLength(time);
    }
    client?.release();
    expect(pool.idleCount).toBe(1);
  });

  it('several statements in one text: several results, one event, the time of the whole', async () => {
    const pool = pools.create();
    let events = 0;
    pool.on('query', () => events++);
    const results = (await pool.query('select 1 as n; select 2 as n')) as unknown as {
      rows: unknown;
      duration: number;
    }[];
    expect(results.map(({ rows }) => rows)).toEqual([[{ n: 1 }], [{ n: 2 }]]);
    expect(results[0]?.duration).toBe(results[1]?.duration);
    expect(events).toBe(1);
  });

  it('a pg.Query tells its rows one by one, and is an event when it ends or fails', async () => {
    const pool = pools.create();
    const events: string[] = [];
    pool.on('query', ({ text }) => events.push(text));
    const client = await pool.connect();
    const rows: unknown[] = [];
    const query = client.query(new pg.Query('select generate_series(1, 3) as n'));
    query.on('row', (row) => rows.push(row));
    await new Promise((resolve) => query.on('end', resolve));
    const failing = client.query(new pg.Query('select nothing'));
    const error = await new Promise((resolve) => failing.on('error', resolve));
    client.release();
    expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(error).toMatchObject({ code: '42703' });
    expect(events).toEqual(['select generate_series(1, 3) as n', 'select nothing']);
  });

  it('a cursor is read at its reader’s pace, and is no event: its time would be the reader’s', async () => {
    const pool = pools.create({ max: 1 });
    const events: string[] = [];
    pool.on('query', ({ text }) => events.push(text));
    const client = await pool.connect();
    const cursor = client.query(new Cursor() as unknown as pg.Submittable) as unknown as Cursor;
    await cursor.read(2);
    expect(cursor.rows).toEqual(['1', '2']);
    await cursor.read(10);
    cursor.end();
    await cursor.ended;
    expect(cursor.rows).toEqual(['1', '2', '3', '4', '5']);
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    client.release();
    expect(events).toEqual(['select 1 as one']);
  });
});
