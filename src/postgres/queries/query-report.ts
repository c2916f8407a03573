import type { Pool } from 'pg';
import { harmless } from '../pool/harmless.js';
import type { ObserveSettings } from '../pool/observe-options.js';
import type { FinishedQuery } from './observed-query.js';
import { createQueryMetrics } from './query-metrics.js';
import { createSlowQueryLog } from './slow-query-log.js';
import { operationOf, withoutLiterals, type Operation } from './sql-text.js';

/** Tells metrics, log and listeners of a finished query. Never throws: observing must not cost the query its answer. */
export function createQueryReport(pool: Pool, settings: ObserveSettings): (query: FinishedQuery) => void {
  const { name: poolName, logger, registry, logQueries, slowQueryThresholdMs } = settings;
  const metrics = registry === undefined ? undefined : createQueryMetrics(registry, poolName);
  const operationFor = remembered(operationOf);
  const slowLog = createSlowQueryLog(logger, poolName, settings.slowQueryWindowMs);

  pool.on('remove', () => {
    if (pool.ending && pool.totalCount === 0) slowLog.close();
  });

  return harmless((query) => {
    const { text, name, durationMs } = query;
    const isSlow = durationMs > slowQueryThresholdMs;
    metrics?.queried(query, operationFor(text), isSlow);
    if (isSlow || logQueries) log(query, isSlow);
    pool.emit('query', { text, name, durationMs });
  });

  function log({ text, name, durationMs, context }: FinishedQuery, isSlow: boolean): void {
    const shown = withoutLiterals(text);
    const duration = rounded(durationMs);
    const who = { name, requestId: context?.requestId, correlationId: context?.correlationId };
    if (logQueries) logger.debug({ text: shown, duration, pool: poolName, ...who }, 'Database query');
    if (isSlow) slowLog.write(shown, { duration, operation: operationFor(text), ...who });
  }
}

const MAX_REMEMBERED = 500;
const LONGEST_REMEMBERED = 1000;

/** A program asks the same few texts again and again; one that makes up new ones must not fill the memory. */
function remembered(read: (text: string) => Operation): (text: string) => Operation {
  const known = new Map<string, Operation>();
  return (text) => {
    const found = known.get(text) ?? read(text);
    if (known.size < MAX_REMEMBERED && text.length <= LONGEST_REMEMBERED) known.set(text, found);
    return found;
  };
}

/** Milliseconds with two decimals: a query may take less than one. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
