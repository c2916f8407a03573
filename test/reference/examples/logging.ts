import express from 'express';
import { correlationId, createLogger, getContext, httpLogger } from 'express-runbook';

export const logger = createLogger({
  service: 'orders',
  dir: process.env.LOG_DIR, // app.log, error.log, access.log; standard output alone when not set
  context: getContext,
});

export const app = express();
app.use(correlationId(), httpLogger({ logger }));
app.post('/orders', (_req, res) => {
  logger.info({ orderId: 7, password: 'hunter2' }, 'Order placed'); // "password":"[REDACTED]"
  res.sendStatus(201);
});
