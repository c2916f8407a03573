import express from 'express';
import { createOps, getContext } from 'express-runbook';
import { createPool } from 'express-runbook/postgres';

export const app = express();
export const ops = createOps({ service: 'orders' });
const { database, isProduction } = ops.config;

export const pool = createPool({
  connectionString: database.url,
  max: database.poolMax,
  min: database.poolMin,
  statementTimeoutMs: database.statementTimeoutMs,
  logger: ops.logger,
  registry: ops.metrics.registry,
  context: getContext, // slow-query lines carry requestId and correlationId
  serverMetrics: true,
  leakThresholdMs: isProduction ? 0 : 10_000, // a stack trace per connect(): find leaks where they are made
});
ops.addPool(pool); // readiness asks it, shutdown closes it last

app.use(ops.before);
app.get('/orders/:id', async (req, res) => {
  const { rows, duration } = await pool.query({
    queryName: 'orders.byId',
    text: 'SELECT id, total FROM orders WHERE id = $1',
    values: [req.params.id],
  });
  res.set('Server-Timing', `db;dur=${duration}`).json(rows);
});
app.use(ops.after); // a database that is lost is a 503 with Retry-After
