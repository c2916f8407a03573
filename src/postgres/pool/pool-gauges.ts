import type { Pool } from 'pg';
import type { Gauge, Registry } from 'prom-client';
import { ConfigError } from '../../core/config-error.js';
import { gauge } from '../../instruments/instruments.js';

const POOLS = Symbol.for('express-runbook.pools.v0');

interface WithPools extends Gauge {
  [POOLS]?: Map<string, Pool>;
}

interface PoolGauge {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  /** The values of one pool, with the labels beside `pool`. */
  readonly read: (pool: Pool) => readonly (readonly [labels: Record<string, string>, value: number])[];
}

const usedCount = (pool: Pool): number => pool.totalCount - pool.idleCount;

const GAUGES: readonly PoolGauge[] = [
  {
    name: 'db_pool_connections',
    help: 'Connections of the pool by state.',
    labelNames: ['state'],
    read: (pool) => [
      [{ state: 'idle' }, pool.idleCount],
      [{ state: 'used' }, usedCount(pool)],
    ],
  },
  {
    name: 'db_pool_open',
    help: 'Connections that are open or being opened, idle and used together.',
    read: (pool) => [[{}, pool.totalCount]],
  },
  {
    name: 'db_pool_min',
    help: 'Connections the pool keeps open.',
    read: (pool) => [[{}, pool.options.min ?? 0]],
  },
  { name: 'db_pool_max', help: 'Connections the pool may have.', read: (pool) => [[{}, pool.options.max]] },
  {
    name: 'db_pool_utilization',
    help: 'Connections in use, as a part of those the pool may have (0 to 1).',
    read: (pool) => [[{}, usedCount(pool) / pool.options.max]],
  },
  { name: 'db_pool_waiting', help: 'Callers that wait for a connection.', read: (pool) => [[{}, pool.waitingCount]] },
];

/**
 * Read at every scrape. The pools that share a gauge are kept on the gauge itself, so several pools, or several copies of
 * this package, report side by side; one that has ended is dropped.
 */
export function addPoolGauges(registry: Registry, name: string, pool: Pool): void {
  for (const spec of GAUGES) {
    const metric: WithPools = gauge(registry, {
      name: spec.name,
      help: spec.help,
      labelNames: ['pool', ...(spec.labelNames ?? [])],
      collect() {
        collectPools(this, spec);
      },
    });
    const pools = (metric[POOLS] ??= new Map<string, Pool>());
    const namesake = pools.get(name);
    if (namesake !== undefined && namesake !== pool && !namesake.ending) {
      const problem = `is already the name of an open pool on this registry; give this one another name, got '${name}'`;
      throw new ConfigError('ERR_OPTION_CONFLICT', 'createPool.name', problem);
    }
    pools.set(name, pool);
  }
}

function collectPools(metric: WithPools, spec: PoolGauge): void {
  for (const [name, pool] of metric[POOLS] ?? []) {
    for (const [labels, value] of spec.read(pool)) {
      if (pool.ended) metric.remove({ pool: name, ...labels });
      else metric.set({ pool: name, ...labels }, value);
    }
    if (pool.ended) metric[POOLS]?.delete(name);
  }
}
