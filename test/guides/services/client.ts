import express from 'express';
import { createOps, getContext, outgoingHeaders } from 'express-runbook';
import { createServiceClient } from 'express-runbook/services';

export const app = express();
export const ops = createOps({ service: 'orders' });

export const stock = createServiceClient({
  name: 'stock',
  baseUrl: process.env.STOCK_URL ?? 'http://127.0.0.1:9000',
  headers: () => ({ Authorization: `Bearer ${process.env.STOCK_TOKEN ?? ''}` }), // asked at each attempt, never logged
  outgoingHeaders, // X-Request-ID, X-Correlation-ID and traceparent of the request that asks
  context: getContext, // the same ids in the lines
  timeoutMs: 2000, // an attempt; in all: totalTimeoutMs
  logger: ops.logger,
  registry: ops.metrics.registry,
});
ops.health.add(stock.check()); // degraded while it fails; asks nobody
ops.shutdown.add('stock', stock.close); // waits for what is under way

app.use(ops.before);
app.get('/stock/:id', async (req, res) => {
  const left = await stock.call(`/items/${encodeURIComponent(req.params.id)}`, {
    operation: 'item',
    read: (answer) => (answer.json() as { left: number }).left, // what this throws is a 502
  });
  res.json({ left });
});
app.use(ops.after); // a ServiceError has its status
