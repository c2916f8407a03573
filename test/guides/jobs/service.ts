import express from 'express';
import { createOps, getContext, runWithContext } from 'express-runbook';
import { createJobs, PermanentJobError } from 'express-runbook/jobs';
import { createPool } from 'express-runbook/postgres';

export const app = express();
export const ops = createOps({ service: 'orders' });
const { logger, metrics, shutdown, config } = ops;

// Connections for jobs alone: max is what works at the same time, and two more.
const jobsPool = createPool({ name: 'jobs', connectionString: config.database.url, max: 6, logger });

export const jobs = createJobs({
  pool: jobsPool,
  types: {
    invoice: {
      maxAttempts: 3,
      timeoutMs: 30_000,
      run: async ({ orderId }: { orderId: number }, { signal }) => {
        if (orderId <= 0) throw new PermanentJobError(`there is no order ${orderId}`); // no further attempt
        return sendInvoice(orderId, signal); // kept as the job's result
      },
    },
  },
  logger,
  registry: metrics.registry,
  context: getContext, // the job remembers who asked …
  runWithContext, // … and its lines carry that correlation id
});

shutdown.add('job connections', () => jobsPool.close());
shutdown.add('jobs', () => jobs.close(), { timeoutMs: 6000 }); // above drainMs; runs first

app.use(ops.before);
app.post('/orders/:id/invoice', async (req, res) => {
  const id = await jobs.create('invoice', { orderId: Number(req.params.id) }, { priority: 'high' });
  res.status(202).location(`/jobs/${id}`).json({ id });
});
app.get('/jobs/:id', async (req, res) => {
  res.json(await jobs.find(req.params.id));
});
app.use(ops.after);

jobs.start(); // without it this process only creates jobs

async function sendInvoice(orderId: number, signal: AbortSignal): Promise<{ sent: number }> {
  signal.throwIfAborted();
  return Promise.resolve({ sent: orderId });
}
