import type { Metrics } from 'express-runbook';
import type { MeasureReader } from 'express-runbook/alerts';
import type { Pool } from 'pg';

interface Waiting {
  readonly queue: string;
  readonly waiting: number;
}

async function waitingIn(pool: Pool): Promise<Waiting[]> {
  const { rows } = await pool.query<Waiting>(
    'SELECT queue, count(*)::int AS waiting FROM order_queue WHERE taken_at IS NULL GROUP BY queue',
  );
  return rows;
}

/** For Prometheus: read at each scrape. */
export function showWaiting(metrics: Metrics, pool: Pool): void {
  metrics.gauge({
    name: 'orders_waiting',
    help: 'Orders that nobody works on yet, by queue.',
    labelNames: ['queue'],
    aggregator: 'max', // every worker of a cluster reads the same table
    async collect() {
      const rows = await waitingIn(pool);
      this.reset(); // a queue that is empty now has no row
      for (const { queue, waiting } of rows) this.set({ queue }, waiting);
    },
  });
}

/** For alerts in the process: `createAlerts({ measures: { jobQueueDepth: waitingNow(pool) }, … })`. */
export function waitingNow(pool: Pool): MeasureReader {
  return async () => (await waitingIn(pool)).map(({ queue, waiting }) => ({ resource: queue, value: waiting }));
}
