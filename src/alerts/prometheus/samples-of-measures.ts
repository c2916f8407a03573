import { MEASURES, type AlertRule, type MeasureName, type MeasureUnit } from '../thresholds/index.js';
import { WINDOW_SECONDS } from './expressions.js';
import { INSTANCE, samples, type Sample, type Samples, type SampleSettings } from './sample.js';

/** On which side of a threshold the sample is. */
export type Side = 'fine' | 'bad';

interface Wanted extends Samples {
  readonly value: number;
  readonly threshold: number;
  readonly isAbove: boolean;
  readonly stepSeconds: number;
  readonly eachStep: number;
}

/** Series whose value is just beyond the threshold, or just not. */
export function sampleAround(
  { measure, comparison }: Pick<AlertRule, 'measure' | 'comparison'>,
  threshold: number,
  side: Side,
  settings: SampleSettings,
): Sample {
  const isAbove = (comparison === 'above') === (side === 'bad');
  const value = near(threshold, MEASURES[measure].unit, isAbove);
  const { stepSeconds, eachStep } = settings;
  return SAMPLES[measure]({ ...samples(settings), value, threshold, isAbove, stepSeconds, eachStep });
}

/** As close as the unit allows. A state that is the threshold itself is fine. */
function near(threshold: number, unit: MeasureUnit, isAbove: boolean): number {
  const sign = isAbove ? 1 : -1;
  if (unit === 'state') return isAbove ? threshold + 1 : threshold;
  if (unit === 'count') return threshold + sign;
  if (unit === 'days') return threshold + sign * 0.2;
  // Halfway between two tenths nobody knows how Prometheus rounds.
  if (unit === 'hours') return threshold + sign * 0.23;
  return threshold * (1 + sign * 0.01);
}

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;
const DURATION = 'http_request_duration_seconds';
const USERS = { endpoint: '/api/users' };
const POOL = { pool: 'default' };
const CHECK = { check: 'database' };

const SAMPLES: Readonly<Record<MeasureName, (wanted: Wanted) => Sample>> = {
  errorRatio: ({ growing, requests, value, eachStep }) => growing({}, value, requests(value * eachStep)),
  latencyP95({ growing, requests, p95, threshold, isAbove }) {
    const { all, value } = p95(DURATION, USERS, threshold, isAbove);
    return growing({}, value, [...all, ...requests()]);
  },
  latencyAverage: ({ growing, requests, at, value, eachStep }) =>
    growing({}, value, [
      at(`${DURATION}_sum`, USERS, 0, value * eachStep),
      at(`${DURATION}_count`, USERS, 0, eachStep),
      ...requests(),
    ]),
  poolUtilization: (wanted) => gauge(wanted, 'db_pool_utilization', POOL, POOL),
  memoryUtilization: (wanted) => percent(wanted, 'system_memory_usage_percent'),
  heapUtilization: ({ steady, at, value }) =>
    steady(INSTANCE, value, [
      at('nodejs_heap_size_used_bytes', {}, value * 1e9),
      at('nodejs_heap_size_limit_bytes', {}, 1e9),
    ]),
  cpuUtilization: (wanted) => percent(wanted, 'system_cpu_usage_percent'),
  diskUtilization: (wanted) => percent(wanted, 'system_disk_usage_percent'),
  diskFree: ({ steady, at, value }) =>
    steady(INSTANCE, value, [at('system_disk_usage_percent', {}, (1 - value) * 100)]),
  dbResponseTime({ growing, p95, threshold, isAbove }) {
    const { all, value } = p95('db_query_duration_seconds', { ...POOL, operation: 'select' }, threshold, isAbove);
    return growing(POOL, value, all);
  },
  cacheHitRatio({ growing, at, value, eachStep }) {
    const cache = { cache: 'projects' };
    return growing(cache, value, [
      at('cache_hits_total', cache, 0, value * eachStep),
      at('cache_misses_total', cache, 0, (1 - value) * eachStep),
    ]);
  },
  eventLoopLag: (wanted) => gauge(wanted, 'nodejs_eventloop_lag_p99_seconds', INSTANCE),
  activeConnections: (wanted) => gauge(wanted, 'http_active_connections', INSTANCE),
  jobQueueDepth: (wanted) => gauge(wanted, 'job_queue_depth', {}),
  eventQueueSize: (wanted) => gauge(wanted, 'event_queue_size', {}),
  llmErrorRatio: ({ growing, at, value, eachStep }) =>
    growing({}, value, [
      at('llm_errors_total', { code: 'ERR_SERVICE_FAILED' }, 0, value * eachStep),
      at('llm_request_duration_seconds_count', {}, 0, eachStep),
    ]),
  llmQuotaUsed: (wanted) => gauge(wanted, 'llm_quota_used_ratio', { client_id: 'acme' }, { client_id: 'acme' }),
  certificateDaysLeft({ steady, at, value }) {
    const notAfter = value * DAY_SECONDS;
    const name = { name: 'api' };
    const sample = steady(name, value, [at('tls_certificate_not_after_timestamp_seconds', name, notAfter)]);
    return { ...sample, valueAt: (seconds) => (notAfter - seconds) / DAY_SECONDS };
  },
  backupAge: (wanted) => hoursAgo(wanted, 'backup_last_success_timestamp_seconds'),
  backupVerifiedAge: (wanted) => hoursAgo(wanted, 'backup_last_verified_timestamp_seconds'),
  backupDrillAge: (wanted) => hoursAgo(wanted, 'backup_last_drill_timestamp_seconds'),
  externalServiceDown: (wanted) => gauge(wanted, 'health_check_status', CHECK, { ...CHECK, status: 'down' }),
  livenessFailing: ({ steady, at, value }) => steady(INSTANCE, value, [at('up', {}, 1 - value)]),
  readinessFailing: (wanted) => health(wanted, wanted.value * 2),
  overallStatus: (wanted) => health(wanted, wanted.value),
  logLinesPerSecond({ growing, at, value, stepSeconds }) {
    const lines = at('log_lines_total', { level: 'info' }, 0, value * stepSeconds);
    return { ...growing(INSTANCE, value, [lines]), fromStep: Math.ceil(WINDOW_SECONDS / stepSeconds) };
  },
};

function gauge(
  { steady, at, value }: Wanted,
  name: string,
  kept: Sample['labels'],
  shown: Sample['labels'] = {},
): Sample {
  return steady(kept, value, [at(name, shown, value)]);
}

/** A moment that keeps its distance: in the tests of promtool the first step is at 0. */
function hoursAgo({ steady, at, value, stepSeconds }: Wanted, name: string): Sample {
  return steady({}, value, [at(name, {}, Math.round(-value * HOUR_SECONDS), stepSeconds)]);
}

function percent({ steady, at, value }: Wanted, name: string): Sample {
  return steady(INSTANCE, value, [at(name, {}, value * 100)]);
}

/** A critical check that is down in an error, one that is not while it is degraded. */
function health({ steady, at, value }: Wanted, status: number): Sample {
  const check = (name: string, critical: number, isDown: boolean): ReturnType<typeof at>[] => [
    at('health_check_critical', { check: name }, critical),
    at('health_check_status', { check: name, status: 'down' }, isDown ? 1 : 0),
    at('health_check_status', { check: name, status: 'degraded' }, 0),
  ];
  return steady(INSTANCE, value, [...check('database', 1, status === 2), ...check('memory', 0, status === 1)]);
}
