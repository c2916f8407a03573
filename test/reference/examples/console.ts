import express from 'express';
import { createConsole, createHealthRouter, createLogger, createMetrics, httpMetrics } from 'express-runbook';

const logger = createLogger({ service: 'orders', level: 'error' });
const { registry } = createMetrics({ service: 'orders' });
const health = createHealthRouter();

export const page = createConsole({
  registry,
  service: 'orders',
  token: process.env.OPS_TOKEN ?? 'a token of your own, at least this long',
  health,
  lines: (listener) => logger.tail(listener),
});

export const app = express();
app.use(httpMetrics({ registry }), health, page);
