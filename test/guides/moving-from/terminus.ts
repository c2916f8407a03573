import express from 'express';
import {
  createGracefulShutdown,
  createHealthRouter,
  createHttpServer,
  createLogger,
  databaseCheck,
} from 'express-runbook';
import { createPool } from 'express-runbook/postgres';

const logger = createLogger({ service: 'orders', level: 'warn' });
const pool = createPool({ connectionString: process.env.DATABASE_URL, logger });
export const shutdown = createGracefulShutdown({
  logger,
  signals: ['SIGTERM'], // signal
  delayMs: Number(process.env.SHUTDOWN_DELAY_MS ?? 5000), // the sleep in beforeShutdown
  timeoutMs: 10_000, // timeout
  flush: () => logger.close(), // onShutdown
});
shutdown.add('database', () => pool.close()); // onSignal
const health = createHealthRouter({ checks: [databaseCheck({ pool })], state: () => shutdown.state(), logger });

const app = express();
app.use(health); // healthChecks
// The path that probes ask today, until their manifests say /health/ready.
app.use('/healthcheck', (req, res, next) => {
  req.url = '/health/ready';
  health(req, res, next);
});

export const server = createHttpServer(app);
shutdown.serve(server);
shutdown.install();
server.listen(Number(process.env.PORT ?? 3000), () => shutdown.ready());
