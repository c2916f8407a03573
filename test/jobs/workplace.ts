import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { getContext, runWithContext } from 'express-runbook';
import { createJobs, type Jobs, type JobState, type JobsOptions, type JobTypes } from 'express-runbook/jobs';
import { createPool, type ObservedPool } from 'express-runbook/postgres';
import { ROOT } from '../repo/source-files.js';
import { testDatabase } from '../support/postgres.js';
import { recordingLogger, type Line } from '../support/recording-logger.js';

type Given<Types extends JobTypes> = { readonly types: Types } & Partial<Omit<JobsOptions<Types>, 'types'>>;

interface Worker<Types extends JobTypes> extends Jobs<Types> {
  readonly lines: Line[];
  readonly registry: Registry;
}

export interface Workplace {
  readonly url: string;
  /** On the database of this file, for looking. */
  readonly pool: Pool;
  /** As another process would have it: a pool, a registry and a log of its own. Closed after the test. */
  worker<Types extends JobTypes>(options: Given<Types>): Worker<Types>;
  /** How a job stands, once it has this status. */
  hasBecome(id: string, status: string): Promise<JobState>;
  /** `SELECT COUNT(*) FROM jobs WHERE status = …` */
  count(status: string): Promise<number>;
}

/** A heartbeat that a busy machine keeps and a test can wait for. */
export const HEARTBEAT_MS = 1000;

/** Called once in a test file: a database with the table that docs/guides/jobs.md shows, and workers on it. */
export function workplace(): Workplace {
  const closing: (() => Promise<unknown>)[] = [];
  let database: Awaited<ReturnType<typeof testDatabase>> | undefined;
  let pool: ObservedPool | undefined;
  const looking = (): ObservedPool => {
    if (pool === undefined) throw new Error('the database of the file is not there yet');
    return pool;
  };

  beforeAll(async () => {
    database = await testDatabase();
    pool = createPool({ connectionString: database.url, max: 2 });
    await pool.query(readFileSync(join(ROOT, 'test/guides/jobs/table.sql'), 'utf8'));
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    await pool?.query('DELETE FROM jobs');
  });
  afterAll(async () => {
    await pool?.close({ timeoutMs: 0 });
    await database?.drop();
  });

  return {
    get url() {
      return database?.url ?? '';
    },
    get pool() {
      return looking();
    },
    worker(options) {
      const logger = recordingLogger();
      const registry = new Registry();
      const own = createPool({ connectionString: database?.url ?? '', max: (options.concurrency ?? 4) + 2 });
      const defaults = { pool: own, logger, registry, context: getContext, runWithContext };
      const jobs = createJobs({ ...defaults, heartbeatMs: HEARTBEAT_MS, pollMs: 100, drainMs: 500, ...options });
      closing.push(async () => {
        await jobs.close();
        await own.close({ timeoutMs: 0 });
      });
      return { ...jobs, lines: logger.lines, registry };
    },
    async hasBecome(id, status) {
      const text = `SELECT id, job_type AS type, status, attempts, priority, context, result, error, run_at AS "runAt" FROM jobs WHERE id = $1`;
      for (;;) {
        const { rows } = await looking().query<JobState>(text, [id]);
        const [state] = rows;
        if (state?.status === status) return state;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async count(status) {
      const text = `SELECT COUNT(*)::int AS count FROM jobs WHERE status = '${status}'`;
      return (await looking().query<{ count: number }>(text)).rows[0]?.count ?? NaN;
    },
  };
}

/** What a test opens when it is time. */
export function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
