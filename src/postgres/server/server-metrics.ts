import type { Pool } from 'pg';
import type { Counter, Gauge, Registry } from 'prom-client';
import type { Logger } from '../../core/logger.js';
import { counter, gauge } from '../../instruments/instruments.js';
import { createServerStatistics, type ServerStatistics } from './server-statistics.js';

interface Source {
  readonly pool: Pool;
  readonly read: () => Promise<ServerStatistics | undefined>;
}

const SOURCES = Symbol.for('express-runbook.server-metrics.v0');

/** Kept on the metric itself, so that several pools, or several copies of this package, report side by side. */
interface WithSources {
  [SOURCES]?: Map<string, Source>;
}

/**
 * Deadlocks, recovery conflicts and size of the database behind this pool, read at every scrape; a pool that has ended is
 * dropped. Workers of a cluster see the same database, so together they show the highest value and not the sum.
 */
export function addServerMetrics(registry: Registry, pool: Pool, settings: { name: string; logger: Logger }): void {
  const source: Source = { pool, read: createServerStatistics(pool, settings) };
  const deadlocks = 'Deadlocks in the database, as the server counts them.';
  const conflicts = 'Queries of the database that the server, a standby, cancelled for recovery.';
  const metrics = [
    total(registry, 'db_deadlocks_total', deadlocks, 'deadlocks'),
    total(registry, 'db_conflicts_total', conflicts, 'conflicts'),
    size(registry),
  ];
  for (const metric of metrics) (metric[SOURCES] ??= new Map<string, Source>()).set(settings.name, source);
}

function size(registry: Registry): Gauge & WithSources {
  return gauge(registry, {
    name: 'db_size_bytes',
    help: 'Disk space of the database.',
    labelNames: ['pool'],
    aggregator: 'max',
    collect(this: Gauge & WithSources) {
      return show(this, ({ sizeBytes }, pool) => {
        this.set({ pool }, sizeBytes);
      });
    },
  });
}

function total(registry: Registry, name: string, help: string, of: 'deadlocks' | 'conflicts'): Counter & WithSources {
  return counter(registry, {
    name,
    help,
    labelNames: ['pool'],
    aggregator: 'max',
    collect(this: Counter & WithSources) {
      return show(this, (statistics, pool) => {
        // The server's count goes back to 0 when its statistics are reset: to Prometheus that is a counter that started anew.
        this.remove({ pool });
        this.inc({ pool }, statistics[of]);
      });
    },
  });
}

async function show(
  metric: WithSources & { remove(labels: { pool: string }): void },
  set: (statistics: ServerStatistics, pool: string) => void,
): Promise<void> {
  const sources = [...(metric[SOURCES] ?? [])];
  await Promise.all(
    sources.map(async ([name, { pool, read }]) => {
      const statistics = await read();
      if (pool.ended) {
        metric[SOURCES]?.delete(name);
        metric.remove({ pool: name });
      } else if (statistics !== undefined) {
        set(statistics, name);
      }
    }),
  );
}
