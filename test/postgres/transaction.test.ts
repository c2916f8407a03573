import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPool, withTransaction, type ObservedPool } from 'express-runbook/postgres';
import { testDatabase } from '../support/postgres.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
let pool: ObservedPool;

beforeAll(async () => {
  database = await testDatabase();
  pool = createPool({ connectionString: database.url, max: 1 });
  await pool.query('create table items (name text primary key deferrable initially deferred)');
});
beforeEach(() => pool.query('delete from items'));
afterAll(async () => {
  await pool.close({ timeoutMs: 0 });
  await database.drop();
});

const names = async (): Promise<unknown[]> => (await pool.query('select name from items order by name')).rows;
const isIdle = (): boolean => pool.idleCount === pool.totalCount;

describe('withTransaction', () => {
  it('commits and returns what the work returned (DB-11)', async () => {
    const count = await withTransaction(pool, async (client) => {
      await client.query("insert into items values ('a')");
      return (await client.query('select from items')).rowCount;
    });
    expect(count).toBe(1);
    expect(await names()).toEqual([{ name: 'a' }]);
    expect(isIdle()).toBe(true);
  });

  it('rolls back and throws the same error when the work throws (DB-11)', async () => {
    const problem = new Error('changed my mind');
    const work = withTransaction(pool, async (client) => {
      await client.query("insert into items values ('a')");
      throw problem;
    });
    await expect(work).rejects.toBe(problem);
    expect(await names()).toEqual([]);
  });

  it('gives the client back usable after a failed statement (S27)', async () => {
    await expect(withTransaction(pool, (client) => client.query('select nothing'))).rejects.toMatchObject({
      code: '42703',
    });
    expect(await names()).toEqual([]);
    expect(isIdle()).toBe(true);
  });

  it('fails when COMMIT fails (S27)', async () => {
    const work = withTransaction(pool, (client) => client.query("insert into items values ('a'), ('a')"));
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await names()).toEqual([]);
  });

  it('does not claim success when a statement’s error was swallowed', async () => {
    const work = withTransaction(pool, async (client) => {
      await client.query("insert into items values ('a')");
      await client.query('select nothing').catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ code: 'ERR_TRANSACTION_ABORTED' });
    expect(await names()).toEqual([]);
  });

  it('closes a client whose connection was lost, and does not wait for it (S27)', async () => {
    const work = withTransaction(pool, (client) => client.query('select pg_terminate_backend(pg_backend_pid())'));
    await expect(work).rejects.toMatchObject({ code: '57P01' });
    expect(await names()).toEqual([]);
    expect(pool.totalCount).toBe(1);
  });
});
