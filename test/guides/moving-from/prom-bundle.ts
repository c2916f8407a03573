import express from 'express';
import { createMetrics, createMetricsRouter, httpMetrics } from 'express-runbook';
import { register } from 'prom-client';

// promRegistry: the global one here, because metrics of your own stand on it.
const { registry } = createMetrics({ service: 'orders', registry: register });

export const app = express();
app.use(httpMetrics({ registry, buckets: [0.003, 0.03, 0.1, 0.3, 1.5, 10] })); // those of the bundle
app.use(createMetricsRouter({ registry, path: '/metrics' })); // metricsPath
app.get('/orders/:id', (req, res) => {
  res.json({ id: req.params.id });
});
