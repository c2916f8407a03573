import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool, withTransaction } from 'express-runbook/postgres';
import { testServer } from '../support/postgres.js';

// One of its own: the processes that are stopped here must be ours.
let server: Awaited<ReturnType<typeof testServer>>;
const frozen: number[] = [];

beforeAll(async () => {
  server = await testServer();
});
afterAll(async () => {
  for (const pid of frozen) process.kill(pid, 'SIGCONT');
  await server.stop();
});

/** Stops the server process behind this client, as a hung disk or a lost network does: it neither answers nor hangs up. */
async function freeze(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  process.kill(rows[0]!.pid, 'SIGSTOP');
  frozen.push(rows[0]!.pid);
}

describe('a frozen backend', () => {
  it('costs its query no more than queryTimeoutMs, and the next one only a new connection (S26)', async () => {
    const pool = createPool({ connectionString: server.url, max: 1, queryTimeoutMs: 500 });
    const client = await pool.connect();
    await freeze(client);
    client.release();
    const answers = await Promise.allSettled([pool.query('select 1 as n'), pool.query('select 2 as n')]);
    expect(answers[0]).toMatchObject({ status: 'rejected', reason: { message: 'Query read timeout' } });
    expect(answers[1]).toMatchObject({ status: 'fulfilled', value: { rows: [{ n: 2 }] } });
    await pool.close();
  });

  it('costs a transaction one time-out and not two (S27)', async () => {
    const pool = createPool({ connectionString: server.url, max: 1, queryTimeoutMs: 500 });
    const asked: string[] = [];
    pool.on('query', ({ text }) => asked.push(text));
    const work = withTransaction(pool, async (client) => {
      await freeze(client);
      await client.query('select 1');
    });
    await expect(work).rejects.toThrow('Query read timeout');
    expect(asked).not.toContain('ROLLBACK');
    expect((await pool.query('select 2 as n')).rows).toEqual([{ n: 2 }]);
    await pool.close();
  });

  it('does not hold up who waits for its place in the pool (S26)', async () => {
    const pool = createPool({ connectionString: server.url, max: 1, connectionTimeoutMs: 5000 });
    const client = await pool.connect();
    await freeze(client);
    const waiting = pool.query('select 1 as n');
    // pg says goodbye and waits for the server to hang up.
    client.release(true);
    expect((await waiting).rows).toEqual([{ n: 1 }]);
    await pool.close();
  });

  it('does not hold up close(), idle or in use (S29)', async () => {
    const pool = createPool({ connectionString: server.url, max: 2, queryTimeoutMs: 0 });
    const [idle, used] = await Promise.all([pool.connect(), pool.connect()]);
    await freeze(idle);
    await freeze(used);
    idle.release();
    const running = expect(used.query('select 1')).rejects.toThrow(/Connection terminated/);
    const gone: unknown[] = [];
    pool.on('remove', (client) => gone.push(client));
    await pool.close({ timeoutMs: 50 });
    await running;
    await expect.poll(() => gone).toHaveLength(2);
  });
});
