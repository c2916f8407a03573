import { describe, expect, it } from 'vitest';
import { createPool, poolSize, poolSizeBand, waitForDatabase } from 'express-runbook/postgres';
import { recordingLogger } from '../support/recording-logger.js';
import { testDatabase } from '../support/postgres.js';

describe('waitForDatabase', () => {
  it('resolves at once when the database answers (DB-18)', async () => {
    const database = await testDatabase();
    const pool = createPool({ connectionString: database.url });
    const logger = recordingLogger();
    await waitForDatabase(pool, { logger });
    expect(logger.lines).toEqual([]);
    await pool.close();
    await database.drop();
  });

  it('asks again until it answers, with a line each time (DB-18)', async () => {
    const logger = recordingLogger();
    let failures = 2;
    const query = (): Promise<unknown> =>
      failures-- > 0 ? Promise.reject(new Error('the database system is starting up')) : Promise.resolve();
    await waitForDatabase({ query }, { logger });
    expect(logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'Waiting for the database'],
      ['warn', 'Waiting for the database'],
      ['info', 'The database answers'],
    ]);
    expect(logger.lines.map(({ fields }) => fields.retryInMs)).toEqual([100, 200, undefined]);
  });

  it('gives up in time with the reason and the cure (DB-18)', async () => {
    const pool = createPool({ host: '127.0.0.1', port: 1 });
    await expect(waitForDatabase(pool, { timeoutMs: 0 })).rejects.toMatchObject({
      code: 'ERR_DATABASE_UNAVAILABLE',
      message: expect.stringMatching(/ECONNREFUSED.*check that the server runs/) as string,
    });
    await pool.close();
  });
});

describe('poolSize', () => {
  it('is cores * 2 + spindles (DB-02)', () => {
    expect(poolSize(8, 1)).toBe(17);
  });

  it('has a usual range per size of application (DB-03)', () => {
    expect([poolSizeBand('small'), poolSizeBand('medium'), poolSizeBand('large')]).toEqual([
      { from: 10, to: 20 },
      { from: 20, to: 50 },
      { from: 50, to: 100 },
    ]);
  });
});
