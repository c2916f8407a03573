import type { Registry } from 'prom-client';
import type { MeasureName } from '../thresholds/index.js';
import type { MeasureReading, MeasureValue } from './measure-value.js';
import { quantile } from './quantile.js';
import { seriesOf } from './series.js';
import type { Growth } from './totals.js';

const REQUESTS = 'http_requests_total';
const DURATIONS = 'http_request_duration_seconds';
const QUERIES = 'db_query_duration_seconds';
const [HITS, MISSES] = ['cache_hits_total', 'cache_misses_total'] as const;
const [LLM_CALLS, LLM_ERRORS] = ['llm_request_duration_seconds', 'llm_errors_total'] as const;
const LINES = 'log_lines_total';

/** A measure of how much totals have grown: from these metrics, by this reading. */
interface GrowthMeasure {
  readonly metrics: readonly string[];
  readonly read: (growth: Growth, minEvents: number) => number | undefined;
}

/** Of few events a share says nothing: one error in three requests is no emergency. */
const share = (part: string, whole: (growth: Growth) => number): GrowthMeasure['read'] => {
  return (growth, minEvents) => {
    const events = whole(growth);
    return events < Math.max(1, minEvents) ? undefined : growth.of(part) / events;
  };
};

const p95 = (metric: string): GrowthMeasure => ({
  metrics: [metric],
  read: (growth, minEvents) =>
    growth.of(`${metric}_count`) < minEvents ? undefined : quantile(0.95, growth.buckets(metric)),
});

export const GROWTH_MEASURES: Readonly<Partial<Record<MeasureName, GrowthMeasure>>> = {
  errorRatio: { metrics: [REQUESTS], read: share(`${REQUESTS}|5xx`, (growth) => growth.of(REQUESTS)) },
  latencyP95: p95(DURATIONS),
  latencyAverage: {
    metrics: [DURATIONS],
    read: share(`${DURATIONS}_sum`, (growth) => growth.of(`${DURATIONS}_count`)),
  },
  dbResponseTime: p95(QUERIES),
  cacheHitRatio: { metrics: [HITS, MISSES], read: share(HITS, (growth) => growth.of(HITS) + growth.of(MISSES)) },
  llmErrorRatio: {
    metrics: [LLM_ERRORS, LLM_CALLS],
    read: share(LLM_ERRORS, (growth) => growth.of(`${LLM_CALLS}_count`)),
  },
  logLinesPerSecond: {
    metrics: [LINES],
    read: (growth) => (growth.seconds === 0 ? undefined : growth.of(LINES) / growth.seconds),
  },
};

interface GaugeMeasure {
  readonly metric: string;
  /** The label whose values are watched one by one; the sum where there is none. */
  readonly by?: string;
  readonly read: (value: number, nowMs: number) => number;
}

const plain = (metric: string, by?: string): GaugeMeasure => ({
  metric,
  ...(by === undefined ? {} : { by }),
  read: (value) => value,
});

const hoursSince = (metric: string): GaugeMeasure => ({
  metric,
  read: (seconds, nowMs) => (nowMs / 1000 - seconds) / 3600,
});

export const GAUGE_MEASURES: Readonly<Partial<Record<MeasureName, GaugeMeasure>>> = {
  poolUtilization: plain('db_pool_utilization', 'pool'),
  memoryUtilization: { metric: 'system_memory_usage_percent', read: (percent) => percent / 100 },
  cpuUtilization: { metric: 'system_cpu_usage_percent', read: (percent) => percent / 100 },
  diskUtilization: { metric: 'system_disk_usage_percent', read: (percent) => percent / 100 },
  diskFree: { metric: 'system_disk_usage_percent', read: (percent) => 1 - percent / 100 },
  activeConnections: plain('http_active_connections'),
  jobQueueDepth: plain('job_queue_depth'),
  eventQueueSize: plain('event_queue_size'),
  llmQuotaUsed: plain('llm_quota_used_ratio', 'client_id'),
  certificateDaysLeft: {
    metric: 'tls_certificate_not_after_timestamp_seconds',
    by: 'name',
    read: (seconds, nowMs) => (seconds - nowMs / 1000) / 86_400,
  },
  backupAge: hoursSince('backup_last_success_timestamp_seconds'),
  backupVerifiedAge: hoursSince('backup_last_verified_timestamp_seconds'),
  backupDrillAge: hoursSince('backup_last_drill_timestamp_seconds'),
};

export async function readGauge(
  registry: Registry,
  { metric, by, read }: GaugeMeasure,
  now: number,
): Promise<MeasureReading> {
  const series = await seriesOf(registry, metric);
  if (series.length === 0) return undefined;
  if (by === undefined)
    return read(
      series.reduce((sum, { value }) => sum + value, 0),
      now,
    );
  return series.map(({ labels, value }): MeasureValue => ({ resource: String(labels[by]), value: read(value, now) }));
}
