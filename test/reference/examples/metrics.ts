import express from 'express';
import { createMetrics, createMetricsRouter, httpMetrics } from 'express-runbook';

const metrics = createMetrics({ service: 'orders', version: '1.4.0' });
const { registry } = metrics;

const shipped = metrics.counter({
  name: 'orders_shipped_total',
  help: 'Orders handed to the carrier.',
  labelNames: ['carrier'],
});

export const app = express();
app.use(httpMetrics({ registry }));
app.use(createMetricsRouter({ registry, networks: ['127.0.0.0/8', '::1'] }));
app.post('/orders/:id/shipped', (_req, res) => {
  shipped.inc({ carrier: 'post' });
  res.sendStatus(204);
});
