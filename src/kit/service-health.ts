import type { Registry } from 'prom-client';
import type { HealthCheck } from '../core/health-check.js';
import type { Config } from '../config/index.js';
import {
  cpuCheck,
  createHealthRouter,
  diskCheck,
  eventLoopCheck,
  memoryCheck,
  type EventLoopCheck,
  type HealthRouter,
  type HealthWords,
} from '../health/index.js';
import type { RunbookLogger } from '../logging/index.js';
import type { GracefulShutdown } from '../shutdown/index.js';
import type { OpsSettings } from './options.js';

interface Parts {
  readonly config: Config;
  readonly logger: RunbookLogger;
  readonly registry: Registry;
  readonly shutdown: GracefulShutdown;
  /** A check has another status than before. */
  readonly onChange: () => void;
}

/** The health router with the checks that every service has, and its own. */
export function createServiceHealth(
  settings: OpsSettings,
  { config, logger, registry, shutdown, onChange }: Parts,
): HealthRouter {
  const { format, details, timestampPrecision, degradedStatusCode, timeoutMs, cacheTtlMs } = config.health;
  const health = createHealthRouter({
    checks: [...processChecks(config, shutdown), ...settings.checks],
    version: settings.version,
    state: () => shutdown.state(),
    format,
    words: wordsOf(config),
    timestampPrecision,
    details,
    authorise: settings.authoriseDetails,
    statusCodes: { degraded: degradedStatusCode },
    prefixes: healthPrefixes(config.apiPrefix),
    timeoutMs,
    cacheTtlMs,
    onChange,
    logger,
    registry,
  });
  shutdown.add('health checks', () => health.close());
  return health;
}

/** The words that the environment puts in place of those of the format. */
function wordsOf({ health: { statusWords, checkWords } }: Config): HealthWords {
  const [ok, degraded, error] = statusWords ?? [];
  const [up, slow, down] = checkWords ?? [];
  return {
    ...(statusWords === undefined ? {} : { overall: { ok, degraded, error } }),
    ...(checkWords === undefined ? {} : { check: { up, degraded: slow, down } }),
  };
}

function processChecks({ health }: Config, shutdown: GracefulShutdown): HealthCheck[] {
  const makers: Record<(typeof health.processChecks)[number], () => HealthCheck> = {
    memory: () => memoryCheck({ warnPercent: health.memoryThresholdPercent, percentageOf: health.memoryPercentageOf }),
    cpu: () => cpuCheck({ warnPercent: health.cpuThresholdPercent }),
    diskSpace: () => diskCheck({ warnPercent: health.diskThresholdPercent }),
    eventLoop: () => closedBy(shutdown, eventLoopCheck()),
  };
  return health.processChecks.map((name) => makers[name]());
}

function closedBy(shutdown: GracefulShutdown, check: EventLoopCheck): HealthCheck {
  shutdown.add('event loop check', () => check.close());
  return check;
}

/** Probes below the API's prefix, and below its first part: `api/v1` has them under `/api/v1` and `/api`. */
function healthPrefixes(apiPrefix: string): string[] {
  if (apiPrefix === '') return [];
  const [first = ''] = apiPrefix.split('/');
  return [...new Set([`/${apiPrefix}`, `/${first}`])];
}
