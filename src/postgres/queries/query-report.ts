import type { Pool } from 'pg';
import { harmless } from '../pool/harmless.js';
import type { ObserveSettings } from '../pool/observe-options.js';
import type { PoolMetrics } from '../pool/pool-metrics.js';
import type { FinishedQuery } from './observed-query.js';
import { operationOf, withoutLiterals } from './sql-text.js';

/** Tells metrics, log and listeners of a finished query. Never throws: observing must not cost the query its answer. */
export function createQueryReport(
  pool: Pool,
  settings: ObserveSettings,
  metrics: PoolMetrics | undefined,
): (query: FinishedQuery) => void {
  const { name, logger, logQueries, slowQueryThresholdMs } = settings;

  return harmless(({ text, durationMs, context }) => {
    const operation = operationOf(text);
    const isSlow = durationMs > slowQueryThresholdMs;
    metrics?.queried(operation, durationMs, isSlow);
    const who = { requestId: context?.requestId, correlationId: context?.correlationId };
    if (logQueries) {
      logger.debug(
        { text: withoutLiterals(text), duration: rounded(durationMs), pool: name, ...who },
        'Database query',
      );
    }
    if (isSlow) {
      const fields = { query: withoutLiterals(text), duration: rounded(durationMs), operation, pool: name, ...who };
      logger.warn(fields, 'Slow database query detected');
    }
    pool.emit('query', { text, durationMs });
  });
}

/** Milliseconds with two decimals: a query may take less than one. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
