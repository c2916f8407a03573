import type { Pool, PoolClient } from 'pg';
import { unlessLost } from './connection-loss.js';
import { errorClassOf } from './error-class.js';
import { harmless } from './harmless.js';
import type { ObserveSettings } from './observe-options.js';
import { PoolError } from './pool-error.js';
import type { PoolMetrics } from './pool-metrics.js';

/** Tells log and metrics what becomes of the pool's connections. */
export interface ConnectionReport {
  /** An open connection broke; more errors of the same one are the same event. */
  lost(error: Error, client: PoolClient): void;
  /** A caller got none; returns the error to give them. */
  refused(error: Error): Error;
}

// The words of pg-pool 3 (index.js).
const EXHAUSTED = 'timeout exceeded when trying to connect';
const CONNECT_TIMEOUT = 'Connection terminated due to connection timeout';

export function createConnectionReport(
  pool: Pool,
  { name, logger }: ObserveSettings,
  metrics: PoolMetrics | undefined,
): ConnectionReport {
  let isReachable = true;
  const lostClients = new WeakSet<PoolClient>();

  // The message and code alone: pg hangs the whole client on the error. Nobody's request id: the event runs in the
  // context of whoever once opened the connection.
  const fieldsOf = (error: Error): Record<string, unknown> => ({
    error: error.message,
    code: (error as NodeJS.ErrnoException).code,
    pool: name,
  });

  const connected = harmless(() => {
    const isNews = !isReachable;
    isReachable = true;
    logger.debug({ pool: name }, 'New database connection established');
    if (isNews) logger.info({ pool: name }, 'Database connection restored');
  });
  pool.on('connect', connected);

  /** Once per outage: every request of an outage would say the same. */
  const unreachable = harmless((error: Error, refusal: Error) => {
    metrics?.failed();
    metrics?.errored(errorClassOf(refusal));
    const isNews = isReachable;
    isReachable = false;
    if (isNews) logger.error(fieldsOf(error), 'Database connection failed');
  });

  return {
    lost: harmless((error, client) => {
      if (lostClients.has(client)) return;
      lostClients.add(client);
      metrics?.failed();
      logger.error(fieldsOf(error), 'Unexpected database error');
    }),
    refused(error) {
      const refusal = refusalOf(error, pool, name);
      if (refusal.code !== 'ERR_POOL_EXHAUSTED') unreachable(error, refusal);
      if (error.message === EXHAUSTED || error.message === CONNECT_TIMEOUT) metrics?.timedOut();
      return refusal;
    },
  };
}

/** Our error for pg-pool's two time-outs, which have no code, and for a server out of reach; any other as it is. */
function refusalOf(error: Error & { code?: string }, pool: Pool, name: string): Error & { code?: string } {
  const { totalCount, idleCount, waitingCount, options } = pool;
  const counts = `total ${totalCount}, idle ${idleCount}, waiting ${waitingCount}, max ${options.max}`;
  if (error.message === EXHAUSTED) {
    const message = `${EXHAUSTED}: pool '${name}' is exhausted (${counts}); release clients sooner, or raise max`;
    return new PoolError('ERR_POOL_EXHAUSTED', message, { cause: error });
  }
  if (error.message !== CONNECT_TIMEOUT) return unlessLost(error, name);
  const message = `${CONNECT_TIMEOUT}: the server did not answer the pool '${name}' in time (${counts})`;
  return new PoolError('ERR_POOL_CONNECT_TIMEOUT', message, { cause: error });
}
