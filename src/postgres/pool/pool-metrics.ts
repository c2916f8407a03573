import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { counter, histogram } from '../../instruments/instruments.js';
import type { Operation } from '../queries/sql-text.js';
import { addPoolGauges } from './pool-gauges.js';

/** What the pool counts; everything carries the label `pool`. */
export interface PoolMetrics {
  queried(operation: Operation, durationMs: number, isSlow: boolean): void;
  acquired(waitedMs: number): void;
  timedOut(): void;
  failed(): void;
}

// OpenTelemetry's advice for database durations, in seconds.
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] as const;

export function createPoolMetrics(registry: Registry, name: string, pool: Pool): PoolMetrics {
  addPoolGauges(registry, name, pool);
  const queries = histogram(registry, {
    name: 'db_query_duration_seconds',
    help: 'Time until a query was answered, by what it does.',
    labelNames: ['pool', 'operation'],
    buckets: BUCKETS,
  });
  const waits = histogram(registry, {
    name: 'db_pool_acquire_seconds',
    help: 'Time until a caller was given a connection.',
    labelNames: ['pool'],
    buckets: BUCKETS,
  });
  const count = (metric: string, help: string): ((by?: number) => void) => {
    const total = counter(registry, { name: metric, help, labelNames: ['pool'] });
    const increase = (by = 1): void => total.inc({ pool: name }, by);
    // An alert on a rate needs the series to be there before the first event.
    increase(0);
    return increase;
  };
  const countSlow = count('db_slow_queries_total', 'Queries above the slow-query threshold.');
  const countTimeout = count('db_pool_timeouts_total', 'Callers that were given no connection in time.');
  const countError = count('db_pool_errors_total', 'Connections that broke or could not be made.');

  return {
    queried(operation, durationMs, isSlow) {
      queries.observe({ pool: name, operation }, durationMs / 1000);
      if (isSlow) countSlow();
    },
    acquired(waitedMs) {
      waits.observe({ pool: name }, waitedMs / 1000);
    },
    timedOut: () => countTimeout(),
    failed: () => countError(),
  };
}
