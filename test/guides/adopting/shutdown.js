import express from 'express';
import { correlationId, createLogger, getContext, httpLogger } from 'express-runbook';
import { errorHandler, NotFoundError, notFound, ValidationError } from 'express-runbook';
import { createHealthRouter, databaseCheck } from 'express-runbook';
import { createMetrics, createMetricsRouter, httpMetrics } from 'express-runbook';
import { rateLimiter, securityHeaders } from 'express-runbook';
import { createGracefulShutdown, createHttpServer } from 'express-runbook';
import { createPool } from 'express-runbook/postgres';

const logger = createLogger({ service: 'orders', context: getContext });
const { registry } = createMetrics({ service: 'orders', logger });
const pool = createPool({
  connectionString: process.env.DATABASE_URL,
  applicationName: 'orders',
  logger,
  registry,
  context: getContext,
});
const shutdown = createGracefulShutdown({
  logger,
  delayMs: Number(process.env.SHUTDOWN_DELAY_MS ?? 0),
  flush: () => logger.close(),
});
shutdown.add('database', () => pool.close());
const health = createHealthRouter({
  checks: [databaseCheck({ pool })],
  words: { overall: { ok: 'UP', degraded: 'UP', error: 'DOWN' } },
  state: () => shutdown.state(),
  logger,
  registry,
});

const app = express();
app.set('trust proxy', ['loopback']);
app.use(correlationId(), httpLogger({ logger }), httpMetrics({ registry }));
app.use(securityHeaders());
app.use(health, createMetricsRouter({ registry, logger }));
app.use(rateLimiter({ max: 100, windowMs: 60_000, logger, registry }));
app.use(express.json());

app.get('/orders/:id', async (req, res) => {
  const { rows } = await pool.query('SELECT id, item, amount FROM orders WHERE id = $1', [req.params.id]);
  if (rows.length === 0) throw new NotFoundError('Order');
  res.json(rows[0]);
});

app.post('/orders', async (req, res) => {
  const { item, amount } = req.body ?? {};
  if (typeof item !== 'string' || !Number.isInteger(amount)) throw new ValidationError('item and amount are needed');
  const { rows } = await pool.query('INSERT INTO orders (item, amount) VALUES ($1, $2) RETURNING *', [item, amount]);
  logger.info({ orderId: rows[0].id }, 'Order placed');
  res.status(201).json(rows[0]);
});

app.use(notFound());
app.use(errorHandler({ logger }));

const port = process.env.PORT ?? 3000;
const server = createHttpServer(app);
shutdown.serve(server);
shutdown.install();
server.listen(port, () => {
  logger.info({ port }, 'Listening');
  shutdown.ready();
});
