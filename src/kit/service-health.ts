import type { Registry } from 'prom-client';
import type { HealthCheck } from '../core/health-check.js';
import type { Config } from '../config/index.js';
import {
  cpuCheck,
  createHealthRouter,
  diskCheck,
  eventLoopCheck,
  memoryCheck,
  type HealthRouter,
} from '../health/index.js';
import type { RunbookLogger } from '../logging/index.js';
import type { GracefulShutdown } from '../shutdown/index.js';
import type { OpsSettings } from './options.js';

interface Parts {
  readonly config: Config;
  readonly logger: RunbookLogger;
  readonly registry: Registry;
  readonly shutdown: GracefulShutdown;
}

/** The health router with the checks that every service has, and its own. */
export function createServiceHealth(
  settings: OpsSettings,
  { config, logger, registry, shutdown }: Parts,
): HealthRouter {
  const { format, timeoutMs, cacheTtlMs } = config.health;
  const eventLoop = eventLoopCheck();
  shutdown.add('event loop check', () => eventLoop.close());
  return createHealthRouter({
    checks: [...processChecks(config), eventLoop, ...settings.checks],
    version: settings.version,
    state: () => shutdown.state(),
    format,
    prefixes: healthPrefixes(config.apiPrefix),
    timeoutMs,
    cacheTtlMs,
    logger,
    registry,
  });
}

function processChecks({ health }: Config): HealthCheck[] {
  return [
    memoryCheck({ warnPercent: health.memoryThresholdPercent }),
    cpuCheck({ warnPercent: health.cpuThresholdPercent }),
    diskCheck(),
  ];
}

/** Probes below the API's prefix, and below its first part: `api/v1` has them under `/api/v1` and `/api`. */
function healthPrefixes(apiPrefix: string): string[] {
  if (apiPrefix === '') return [];
  const [first = ''] = apiPrefix.split('/');
  return [...new Set([`/${apiPrefix}`, `/${first}`])];
}
