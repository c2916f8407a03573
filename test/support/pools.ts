import { afterAll, afterEach, beforeAll } from 'vitest';
import { createPool, type ObservedPool, type PoolOptions } from 'express-runbook/postgres';
import { testDatabase } from './postgres.js';

export interface Pools {
  /** Connection string of the file's own database. */
  readonly url: string;
  /** A pool on that database, or on what the options say; closed after the test. */
  readonly create: (options?: PoolOptions) => ObservedPool;
  /** Closes this one after the test too. */
  keep(pool: ObservedPool): ObservedPool;
}

/** Called once in a test file: an empty database for it, and the pools of its tests. */
export function testPools(): Pools {
  const open: ObservedPool[] = [];
  let database: Awaited<ReturnType<typeof testDatabase>> | undefined;

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((pool) => pool.close({ timeoutMs: 0 })));
  });
  afterAll(() => database?.drop());

  const keep = (pool: ObservedPool): ObservedPool => {
    open.push(pool);
    return pool;
  };
  return {
    get url() {
      return database?.url ?? '';
    },
    keep,
    create(options = {}) {
      const address = options.host === undefined && options.connectionString === undefined;
      return keep(createPool({ ...(address ? { connectionString: database?.url ?? '' } : {}), ...options }));
    },
  };
}

/** The value of one series as a scrape shows it. */
export function seriesValue(exposition: string, series: string): number | undefined {
  const line = exposition.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
