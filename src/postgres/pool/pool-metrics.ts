import type { Pool } from 'pg';
import type { Registry } from 'prom-client';
import { counter } from '../../instruments/instruments.js';
import { seriesHistogram, type Observe } from '../../instruments/series-histogram.js';
import { CLOSED_REASONS, type ClosedReason } from './closed-reasons.js';
import { EXPECTED_CLASSES } from './error-class.js';
import { addPoolGauges } from './pool-gauges.js';

/** What the pool counts; everything carries the label `pool`. */
export interface PoolMetrics {
  acquired(waitedMs: number): void;
  used(heldMs: number): void;
  opened(tookMs: number): void;
  closed(reason: ClosedReason): void;
  timedOut(): void;
  failed(): void;
  errored(errorClass: string): void;
  leaked(): void;
}

// OpenTelemetry's advice for database durations, in seconds.
export const DATABASE_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] as const;

export function createPoolMetrics(registry: Registry, name: string, pool: Pool): PoolMetrics {
  addPoolGauges(registry, name, pool);
  const time = timers(registry, name);
  const count = counters(registry, name);
  const countTimeout = count('db_pool_timeouts_total', 'Callers that were given no connection in time.');
  const countError = count('db_pool_errors_total', 'Connections that broke or could not be made.');
  const countLeak = count('db_pool_leaks_total', 'Connections that were held longer than the leak threshold.');
  const countClosed = count('db_pool_closed_total', 'Connections that were closed, by reason.', {
    label: 'reason',
    known: CLOSED_REASONS,
  });
  const countClass = count(
    'db_errors_total',
    'Errors of queries and connection attempts: class of the SQLSTATE, connection, timeout or other.',
    { label: 'sqlstate_class', known: EXPECTED_CLASSES },
  );

  return {
    acquired: time('db_pool_acquire_seconds', 'Time until a caller was given a connection.'),
    used: time('db_pool_use_seconds', 'Time until a connection was given back.'),
    opened: time('db_pool_create_seconds', 'Time until a new connection was open.'),
    closed: countClosed,
    timedOut: () => countTimeout(),
    failed: () => countError(),
    errored: countClass,
    leaked: () => countLeak(),
  };
}

/** Every label value is ours, or the pool's own name: the number of series needs no other bound. */
const BOUNDED = { maxSeries: Infinity } as const;

/** Of milliseconds, which become seconds. */
function timers(registry: Registry, pool: string): (name: string, help: string) => Observe {
  return (name, help) => {
    const observe = seriesHistogram(registry, { name, help, labelNames: ['pool'], buckets: DATABASE_BUCKETS })({
      pool,
    });
    return (ms) => {
      observe(ms / 1000);
    };
  };
}

interface SecondLabel {
  readonly label: string;
  readonly known: readonly string[];
}

type Count = (name: string, help: string, second?: SecondLabel) => (value?: string) => void;

/** An alert on a rate needs the series to be there before the first event, so all that are known begin at 0. */
function counters(registry: Registry, pool: string): Count {
  return (name, help, second) => {
    const labelNames = second === undefined ? ['pool'] : ['pool', second.label];
    const total = counter(registry, { name, help, labelNames, ...BOUNDED });
    const labelsOf = (value: string | undefined): Record<string, string> =>
      second === undefined || value === undefined ? { pool } : { pool, [second.label]: value };
    for (const value of second?.known ?? [undefined]) total.inc(labelsOf(value), 0);
    return (value) => total.inc(labelsOf(value));
  };
}
