import type { Pool, PoolClient } from 'pg';

const GUARDED = Symbol.for('express-runbook.jobs-pool.v0');

interface WithMark {
  [GUARDED]?: true;
}

/**
 * A connection that is lost while graphile-worker holds it must not end the process, and graphile-worker takes its own
 * listeners away before its last connection is back. These stay as long as the pool does. Whoever uses the connection gets
 * the error from its query.
 */
export function guardPool(pool: Pool & WithMark): void {
  if (pool[GUARDED] === true) return;
  pool[GUARDED] = true;
  const guard = (client: PoolClient & WithMark): void => {
    if (client[GUARDED] === true) return;
    client[GUARDED] = true;
    client.on('error', () => undefined);
  };
  pool.on('error', () => undefined);
  pool.on('connect', guard);
  pool.on('acquire', guard);
}
