import { getContext, runWithContext } from 'express-runbook';
import { createJobs } from 'express-runbook/jobs';
import { createPool } from 'express-runbook/postgres';

export const pool = createPool({ name: 'jobs', connectionString: process.env.DATABASE_URL, max: 6 });

export const jobs = createJobs({
  pool, // connections for jobs alone: concurrency and two more
  types: {
    invoice: {
      maxAttempts: 3,
      timeoutMs: 30_000,
      run: ({ orderId }: { orderId: number }) => ({ sent: orderId }), // kept as the job's result
    },
  },
  context: getContext,
  runWithContext,
});

export const id = await jobs.create('invoice', { orderId: 7 }, { priority: 'high' });
jobs.start(); // without it this process only creates jobs
