import express from 'express';
import { correlationId, createLogger, getContext, httpLogger } from 'express-runbook';
import { errorHandler, NotFoundError, notFound, ValidationError } from 'express-runbook';
import { createHealthRouter, databaseCheck } from 'express-runbook';
import pg from 'pg';

const logger = createLogger({ service: 'orders', context: getContext });
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const health = createHealthRouter({
  checks: [databaseCheck({ pool })],
  words: { overall: { ok: 'UP', degraded: 'UP', error: 'DOWN' } },
  logger,
});

const app = express();
app.use(correlationId(), httpLogger({ logger }));
app.use(health);
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
app.listen(port, () => {
  logger.info({ port }, 'Listening');
});
