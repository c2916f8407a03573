import express from 'express';
import { createLogger, errorHandler, rateLimiter, requestQuota } from 'express-runbook';

const logger = createLogger({ service: 'orders', level: 'error' });

export const app = express();
app.set('trust proxy', ['loopback']); // else all clients of a proxy share one limit
app.use(rateLimiter({ max: 100, windowMs: 60_000, logger }));
app.use('/reports', requestQuota({ max: 2, per: 'day', key: 'address', logger }));
app.get('/reports', (_req, res) => {
  res.json([]);
});
app.use(errorHandler({ logger })); // answers the 429
