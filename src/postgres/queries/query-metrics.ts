import type { Registry } from 'prom-client';
import { counter } from '../../instruments/instruments.js';
import { seriesHistogram, type Observe } from '../../instruments/series-histogram.js';
import { DATABASE_BUCKETS } from '../pool/pool-metrics.js';
import type { FinishedQuery } from './observed-query.js';
import type { Operation } from './sql-text.js';

/** What is counted of a pool's queries; everything carries the label `pool`. */
export interface QueryMetrics {
  queried(query: FinishedQuery, operation: Operation, isSlow: boolean): void;
}

/** Names are meant to be few and fixed; a program that makes them up at run time must not fill the registry. */
const MAX_NAMES = 100;
const OTHER_NAMES = '__other__';

export function createQueryMetrics(registry: Registry, pool: string): QueryMetrics {
  const queries = seriesHistogram(registry, {
    name: 'db_query_duration_seconds',
    help: 'Time until a query was answered, by what it does.',
    labelNames: ['pool', 'operation'],
    buckets: DATABASE_BUCKETS,
  });
  const named = seriesHistogram(registry, {
    name: 'db_named_query_duration_seconds',
    help: 'Time until a query was answered, by its name in the program.',
    labelNames: ['pool', 'query'],
    buckets: DATABASE_BUCKETS,
  });
  const slow = counter(registry, {
    name: 'db_slow_queries_total',
    help: 'Queries above the slow-query threshold.',
    labelNames: ['pool'],
  });
  // An alert on a rate needs the series to be there before the first event.
  slow.inc({ pool }, 0);
  const labelOf = boundedNames();
  const byOperation = kept((operation: Operation) => queries({ pool, operation }));
  const byName = kept((query: string) => named({ pool, query }));

  return {
    queried({ name, durationMs }, operation, isSlow) {
      byOperation(operation)(durationMs / 1000);
      if (name !== undefined) byName(labelOf(name))(durationMs / 1000);
      if (isSlow) slow.inc({ pool });
    },
  };
}

/** Asked once per value; a series is there from its first query on. */
function kept<Value>(seriesOf: (value: Value) => Observe): (value: Value) => Observe {
  const known = new Map<Value, Observe>();
  return (value) => {
    const found = known.get(value) ?? seriesOf(value);
    known.set(value, found);
    return found;
  };
}

function boundedNames(): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.has(name)) return name;
    if (known.size >= MAX_NAMES) return OTHER_NAMES;
    known.add(name);
    return name;
  };
}
