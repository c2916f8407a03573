import express from 'express';
import { createOps, getContext, NotFoundError, ValidationError } from 'express-runbook';
import { createPool } from 'express-runbook/postgres';

const ops = createOps({ service: 'orders' });
const { config, logger, metrics } = ops;
const pool = createPool({
  connectionString: config.database.url,
  max: config.database.poolMax,
  statementTimeoutMs: config.database.statementTimeoutMs,
  applicationName: 'orders',
  logger,
  registry: metrics.registry,
  context: getContext,
});
ops.addPool(pool);

const app = express();
app.set('trust proxy', config.trustProxy);
app.use(ops.before);
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

app.use(ops.after);
await ops.listen(app);
