import type { Registry } from 'prom-client';
import type { CacheView, JobsView, JobTypeView, QueryView, QueueView } from '../wire/index.js';
import { distributions } from './distribution.js';
import { soleValue, valuesBy } from './metric-values.js';

const MAX_ROWS = 50;
const SEPARATOR = '\u0000';

/** Queries by what they do or by their name, since the start, the slowest first. */
export async function queryViews(registry: Registry, kind: 'operation' | 'query'): Promise<QueryView[]> {
  const metric = kind === 'query' ? 'db_named_query_duration_seconds' : 'db_query_duration_seconds';
  const keyOf = (labels: Readonly<Record<string, unknown>>): string =>
    `${String(labels.pool)}${SEPARATOR}${String(labels[kind])}`;
  const rows = [...(await distributions(registry, metric, keyOf))].map(([key, times]): QueryView => {
    const [pool = '', name = ''] = key.split(SEPARATOR);
    const p95 = times.quantile(0.95);
    return {
      name,
      pool,
      count: times.count,
      meanMs: (times.mean() ?? 0) * 1000,
      p95Ms: p95 === null ? null : p95 * 1000,
    };
  });
  return rows.sort((one, other) => other.meanMs - one.meanMs).slice(0, MAX_ROWS);
}

export async function cacheViews(registry: Registry): Promise<CacheView[]> {
  const [hits, misses, entries, evictions] = await Promise.all(
    ['cache_hits_total', 'cache_misses_total', 'cache_entries', 'cache_evictions_total'].map((name) =>
      valuesBy(registry, name, 'cache'),
    ),
  );
  return [...(hits?.keys() ?? [])].slice(0, MAX_ROWS).map((name) => {
    const found = hits?.get(name) ?? 0;
    const missed = misses?.get(name) ?? 0;
    return {
      name,
      hits: found,
      misses: missed,
      hitRatio: found + missed === 0 ? null : found / (found + missed),
      entries: entries?.get(name) ?? null,
      evictions: evictions?.get(name) ?? 0,
    };
  });
}

/** `null` in a service without jobs. Asks the database, by the gauges of the queue. */
export async function jobsView(registry: Registry): Promise<JobsView | null> {
  if (registry.getSingleMetric('jobs_created_total') === undefined) return null;
  const [queue, types] = await Promise.all([queueView(registry), jobTypes(registry)]);
  return { queue, types };
}

async function queueView(registry: Registry): Promise<QueueView> {
  const [pending = null, running = null, failed = null, oldestSeconds = null] = await Promise.all(
    ['job_queue_depth', 'job_queue_running', 'job_queue_dead_letters', 'job_queue_oldest_age_seconds'].map((name) =>
      soleValue(registry, name),
    ),
  );
  return { pending, running, failed, oldestSeconds };
}

async function jobTypes(registry: Registry): Promise<JobTypeView[]> {
  const [created, active] = await Promise.all([
    valuesBy(registry, 'jobs_created_total', 'job_type'),
    valuesBy(registry, 'jobs_active', 'job_type'),
  ]);
  const ended = await distributions(
    registry,
    'job_duration_seconds',
    (labels) => `${String(labels.job_type)}${SEPARATOR}${String(labels.outcome)}`,
  );
  return [...created].slice(0, MAX_ROWS).map(([type, count]) => {
    const of = (outcome: string) => ended.get(`${type}${SEPARATOR}${outcome}`);
    const mean = of('completed')?.mean() ?? null;
    return {
      type,
      created: count,
      active: active.get(type) ?? 0,
      completed: of('completed')?.count ?? 0,
      retried: of('retried')?.count ?? 0,
      failed: of('failed')?.count ?? 0,
      meanMs: mean === null ? null : mean * 1000,
    };
  });
}
