import type { Jobs } from 'express-runbook/jobs';
import { createMigrator, createPool, withTransaction, type ObservedPool } from 'express-runbook/postgres';
import type { Pool, QueryResult } from 'pg';
import { serve } from './service.js';

const pool: ObservedPool = createPool({ connectionString: 'postgresql://app:app@127.0.0.1:1/app' });
const asAnyPool: Pool = pool;

/** Typed as pg types it, with the duration beside. */
export async function orders(): Promise<number> {
  const { rows, duration } = await pool.query<{ id: number }>('SELECT id FROM orders WHERE id = $1', [1]);
  const plain: QueryResult<{ id: number }> = await withTransaction(asAnyPool, (client) =>
    client.query('SELECT 1 AS id'),
  );
  return rows.length + plain.rows.length + duration;
}

export const migrator = createMigrator({ dir: 'migrations', pool });

// After pg: what is missing first is told first.
const { createJobs, nextRun } = await import('express-runbook/jobs');
const types = { report: { run: ({ month }: { month: number }) => ({ month }) } };
const jobs: Jobs<typeof types> = createJobs({ pool, types });

/** The payload is typed by the handler. */
export async function report(month: number): Promise<string> {
  return jobs.create('report', { month }, { runAt: nextRun('0 2 1 * *', { timeZone: 'Europe/Berlin' }) });
}

await serve({ pool });
