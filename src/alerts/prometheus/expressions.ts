import type { MeasureName } from '../thresholds/index.js';
import { JOBS_POOL, OPS_ENDPOINTS, PROCESS_CHECKS } from '../what-counts.js';
import { series, type Labels } from './promql.js';

/** Of the rates. */
export const WINDOW_SECONDS = 300;
export const NOT_OPS = `endpoint!~"${OPS_ENDPOINTS}"`;
const NOT_JOBS = `pool!="${JOBS_POOL}"`;
const DEPENDENCIES = `check!~"${PROCESS_CHECKS}"`;
const FAILED = 'status=~"5.."';

/** What a measure is in PromQL; stands in parentheses where it is more than one call. */
export interface Expression {
  readonly value: string;
  readonly traffic?: Traffic;
}

/** What a share is a share of: below a floor the share says nothing. */
export interface Traffic {
  /** Per second. */
  readonly rate: string;
  /** Calls of a language model are fewer than requests. */
  readonly isRare?: boolean;
}

export interface ExpressionSettings {
  readonly labels: Labels;
  /** Of every rate: `5m`. */
  readonly window: string;
}

export function expressionOf(measure: MeasureName, settings: ExpressionSettings): Expression {
  return EXPRESSIONS[measure](parts(settings));
}

interface Parts {
  of: (name: string, ...matchers: string[]) => string;
  rate: (by: string, name: string, ...matchers: string[]) => string;
  highest: (by: string, inner: string) => string;
  percent: (name: string) => string;
  p95: (by: string, name: string, matcher: string) => string;
  /** With what must be enough of it. */
  perRequest: (value: string) => Expression;
  /** Of the last of what all instances know. */
  hoursSince: (name: string) => string;
  overall: () => string;
}

function parts({ labels, window }: ExpressionSettings): Parts {
  const of: Parts['of'] = (name, ...matchers) => series(name, labels, ...matchers);
  const rate: Parts['rate'] = (by, name, ...matchers) => `sum by (${by}) (rate(${of(name, ...matchers)}[${window}]))`;
  const highest: Parts['highest'] = (by, inner) => `max by (${by}) (${inner})`;
  return {
    of,
    rate,
    highest,
    percent: (name) => `(${highest('job, instance', of(name))} / 100)`,
    p95: (by, name, matcher) => `histogram_quantile(0.95, ${rate(`${by}, le`, `${name}_bucket`, matcher)})`,
    perRequest: (value) => ({ value, traffic: { rate: rate('job', REQUESTS, NOT_OPS) } }),
    hoursSince: (name) => `((time() - ${highest('job', of(name))}) / 3600)`,
    overall: () => overallStatus(of),
  };
}

const REQUESTS = 'http_requests_total';
const DURATION = 'http_request_duration_seconds';
const value = (text: string): Expression => ({ value: text });

const EXPRESSIONS: Readonly<Record<MeasureName, (parts: Parts) => Expression>> = {
  errorRatio: ({ rate, perRequest }) =>
    perRequest(`(${rate('job', REQUESTS, FAILED, NOT_OPS)} / ${rate('job', REQUESTS, NOT_OPS)})`),
  latencyP95: ({ p95, perRequest }) => perRequest(p95('job', DURATION, NOT_OPS)),
  latencyAverage: ({ rate, perRequest }) =>
    perRequest(`(${rate('job', `${DURATION}_sum`, NOT_OPS)} / ${rate('job', `${DURATION}_count`, NOT_OPS)})`),
  poolUtilization: ({ of, highest }) => value(highest('job, pool', of('db_pool_utilization', NOT_JOBS))),
  memoryUtilization: ({ percent }) => value(percent('system_memory_usage_percent')),
  heapUtilization: ({ of, highest }) =>
    value(highest('job, instance', `${of('nodejs_heap_size_used_bytes')} / ${of('nodejs_heap_size_limit_bytes')}`)),
  cpuUtilization: ({ percent }) => value(percent('system_cpu_usage_percent')),
  diskUtilization: ({ percent }) => value(percent('system_disk_usage_percent')),
  diskFree: ({ percent }) => value(`(1 - ${percent('system_disk_usage_percent')})`),
  dbResponseTime: ({ p95 }) => value(p95('job, pool', 'db_query_duration_seconds', NOT_JOBS)),
  cacheHitRatio: ({ rate }) => {
    const hits = rate('job, cache', 'cache_hits_total');
    const lookups = `(${hits} + ${rate('job, cache', 'cache_misses_total')})`;
    return { value: `(${hits} / ${lookups})`, traffic: { rate: lookups } };
  },
  eventLoopLag: ({ of, highest }) => value(highest('job, instance', of('nodejs_eventloop_lag_p99_seconds'))),
  activeConnections: ({ of, highest }) => value(highest('job, instance', of('http_active_connections'))),
  // Every instance shows the same rows of the same table.
  jobQueueDepth: ({ of, highest }) => value(highest('job', of('job_queue_depth'))),
  eventQueueSize: ({ of, highest }) => value(highest('job', of('event_queue_size'))),
  llmErrorRatio: ({ rate }) => {
    const calls = rate('job', 'llm_request_duration_seconds_count');
    return { value: `(${rate('job', 'llm_errors_total')} / ${calls})`, traffic: { rate: calls, isRare: true } };
  },
  llmQuotaUsed: ({ of, highest }) => value(highest('job, client_id', of('llm_quota_used_ratio'))),
  certificateDaysLeft: ({ of }) =>
    value(`(min by (job, name) (${of('tls_certificate_not_after_timestamp_seconds')} - time()) / 86400)`),
  backupAge: ({ hoursSince }) => value(hoursSince('backup_last_success_timestamp_seconds')),
  backupVerifiedAge: ({ hoursSince }) => value(hoursSince('backup_last_verified_timestamp_seconds')),
  backupDrillAge: ({ hoursSince }) => value(hoursSince('backup_last_drill_timestamp_seconds')),
  externalServiceDown: ({ of, highest }) =>
    value(highest('job, check', of('health_check_status', 'status="down"', DEPENDENCIES))),
  livenessFailing: ({ of }) => value(`(1 - min by (job, instance) (${of('up')}))`),
  readinessFailing: ({ overall }) => value(`(${overall()} == bool 2)`),
  overallStatus: ({ overall }) => value(overall()),
  logLinesPerSecond: ({ rate }) => value(rate('job, instance', 'log_lines_total')),
};

/** 2 while a critical check is down, 1 while another one is down or any is degraded, else 0. */
function overallStatus(of: Parts['of']): string {
  const isDown = of('health_check_status', 'status="down"');
  const weight = `(1 + ${of('health_check_critical')})`;
  const isDegraded = of('health_check_status', 'status="degraded"');
  return `max by (job, instance) (${isDown} * on (job, instance, check) group_left () ${weight} or ${isDegraded})`;
}
