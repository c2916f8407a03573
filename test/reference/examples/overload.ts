import express from 'express';
import { createLoadShedder, createLogger, errorHandler, maintenance } from 'express-runbook';

const logger = createLogger({ service: 'orders', level: 'error' });
export const shedder = createLoadShedder({ maxInFlight: 500, logger });

export const app = express();
app.use(maintenance({ file: process.env.MAINTENANCE_FILE ?? 'maintenance', logger }));
app.use(shedder.middleware);
app.get('/orders', (_req, res) => {
  res.json([]);
});
app.use(errorHandler({ logger })); // answers the 503
