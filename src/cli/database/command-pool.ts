import type { Config } from '../../index.js';
import type { ObservedPool } from '../../postgres/index.js';

const APPLICATION_NAME = 'express-runbook cli';
/** A person has more patience than a request. */
const CONNECT_MS = 10_000;
const CLOSE_MS = 1000;

/** Runs `work` with a pool without time limits, on the configured server and database, or on another one there. */
export async function withCommandPool<Result>(
  { url, ssl, connectionTimeoutMs }: Config['database'],
  work: (pool: ObservedPool) => Promise<Result>,
): Promise<Result> {
  const { createPool } = await import('../../postgres/index.js');
  const pool = createPool({
    connectionString: url,
    ssl,
    max: 2,
    connectionTimeoutMs: Math.max(connectionTimeoutMs, CONNECT_MS),
    statementTimeoutMs: 0,
    lockTimeoutMs: 0,
    idleInTransactionTimeoutMs: 0,
    applicationName: APPLICATION_NAME,
  });
  try {
    return await work(pool);
  } finally {
    await pool.close({ timeoutMs: CLOSE_MS });
  }
}
