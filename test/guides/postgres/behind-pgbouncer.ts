import { createPool } from 'express-runbook/postgres';

/** As DB_POOLER=transaction does: no time limits at start-up, which PgBouncer refuses, but SET LOCAL in each withTransaction. */
export const pooled = createPool({
  connectionString: process.env.DATABASE_URL,
  name: 'pooled',
  pooler: 'transaction',
  statementTimeoutMs: 5000,
});
