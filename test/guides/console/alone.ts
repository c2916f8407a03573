import express from 'express';
import {
  createConsole,
  createLogger,
  createMetrics,
  getContext,
  correlationId,
  httpLogger,
  httpMetrics,
} from 'express-runbook';

const logger = createLogger({ context: getContext });
const { registry } = createMetrics({ service: 'orders', logger });

export const page = createConsole({
  service: 'orders',
  registry,
  lines: (listener) => logger.tail(listener),
  networks: ['127.0.0.0/8', '::1', '10.0.0.0/8'],
});

export const app = express();
app.use(correlationId(), httpLogger({ logger }), httpMetrics({ registry }), page);
