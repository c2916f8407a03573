import { describe, expect, it } from 'vitest';
import { createPool, type ObservedPool } from 'express-runbook/postgres';
import { recordingLogger } from '../support/recording-logger.js';
import { testPools } from '../support/pools.js';

const pools = testPools();
const newPool = pools.create;

/** Connections of this database that are not this one's. */
async function connections(pool: ObservedPool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  return rows[0]!.count;
}

describe('close', () => {
  it('lets running and queued queries finish, and leaves no connection (S29)', async () => {
    const pool = newPool({ max: 1 });
    const answers = [pool.query('select pg_sleep(0.05)'), pool.query('select 1 as one'), pool.query('select 2 as two')];
    await pool.close();
    const settled = await Promise.allSettled(answers);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect([pool.ended, pool.totalCount]).toEqual([true, 0]);
    await expect.poll(() => connections(newPool({ max: 1 }))).toBe(0);
  });

  it('gives nobody a connection any more (S29)', async () => {
    const pool = newPool();
    const client = await pool.connect();
    const closed = pool.close();
    for (const late of [pool.query('select 1'), pool.connect()]) {
      await expect(late).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED', statusCode: 503 });
    }
    client.release();
    await closed;
    await expect(pool.query('select 1')).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED' });
  });

  it('ends although a client was never released, and says so', async () => {
    const logger = recordingLogger();
    const pool = newPool({ max: 1, logger });
    const leaked = await pool.connect();
    const running = expect(leaked.query('select pg_sleep(30)')).rejects.toThrow(/Connection terminated/);
    const queued = expect(pool.query('select 1')).rejects.toMatchObject({ code: 'ERR_POOL_CLOSED' });
    await pool.close({ timeoutMs: 20 });
    await Promise.all([running, queued]);
    expect(pool.ended).toBe(true);
    expect(logger.lines.at(-1)).toEqual({
      level: 'warn',
      message: 'Database pool closed over callers that still used it',
      fields: { pool: 'default', waiting: 1, held: 1, timeoutMs: 20 },
    });
    // Its holder comes back late: nothing to do, nothing to break.
    leaked.release();
  });

  it('ends although the server was never reachable', async () => {
    const pool = createPool({ host: '127.0.0.1', port: 1, min: 2 });
    const query = expect(pool.query('select 1')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await pool.close();
    await query;
  });

  it('can be called again, and after pg’s own end()', async () => {
    const pool = newPool();
    await pool.query('select 1');
    const first = pool.close();
    expect(pool.close()).toBe(first);
    await first;
    const ended = newPool();
    await ended.end();
    await ended.close();
  });

  it('refuses options it does not know', () => {
    // @ts-expect-error the mistake under test
    expect(() => newPool().close({ timeout: 5 })).toThrow(
      /pool\.close\.timeout is not an option; did you mean timeoutMs/,
    );
  });
});

describe('releasing', () => {
  it('twice throws, as with pg', async () => {
    const client = await newPool().connect();
    client.release();
    expect(() => client.release()).toThrow(/already been released/);
  });
});
