import { createMetrics, getContext } from 'express-runbook';
import { advisePoolSize, createPool, waitForDatabase } from 'express-runbook/postgres';

export const metrics = createMetrics({ service: 'orders' });

export const pool = createPool({
  connectionString: process.env.DATABASE_URL,
  max: 5,
  registry: metrics.registry,
  context: getContext,
});
await waitForDatabase(pool, { timeoutMs: 10_000 });

export const advice = await advisePoolSize(pool, { replicas: 3 });

export const { rows, duration } = await pool.query<{ answer: number }>({
  queryName: 'answer', // for metrics and log; the statement is not prepared by it
  text: 'SELECT 6 * $1::int AS answer',
  values: [7],
});
