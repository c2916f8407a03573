import type { Registry } from 'prom-client';
import { isFunction, isLogger, isTimeMs } from '../../core/checks.js';
import type { Logger } from '../../core/logger.js';
import type { Middleware } from '../../core/middleware.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';
import { METRICS_DEFAULTS } from '../registry/options.js';
import { isTextRegistry } from '../registry/text-registry.js';

export interface MetricsRouterOptions {
  /** What to show; required. */
  registry: Registry;
  /**
   * Path of the endpoint below where the router is mounted.
   * @default '/metrics'
   */
  path?: string;
  /**
   * Runs before anything is collected: calls `next()` to let the scraper in, or answers 401 or 403 itself.
   * @default nobody is kept out
   */
  guard?: Middleware;
  /**
   * Milliseconds a metric may take to collect; one that takes longer is left out of that answer. Keep it below the
   * scraper's own time-out (10 s in Prometheus).
   * @default 5000
   */
  collectTimeoutMs?: number;
  /**
   * Told once when a metric can no longer be collected.
   * @default silent
   */
  logger?: Logger;
}

export const METRICS_ROUTER_DEFAULTS = Object.freeze({
  path: '/metrics',
  collectTimeoutMs: METRICS_DEFAULTS.collectTimeoutMs,
  logger: METRICS_DEFAULTS.logger,
});

export type MetricsRouterSettings = Resolved<MetricsRouterOptions, typeof METRICS_ROUTER_DEFAULTS>;

export function resolveMetricsRouterOptions(options: MetricsRouterOptions): MetricsRouterSettings {
  const settings = resolveOptions('metricsRouter', options, METRICS_ROUTER_DEFAULTS, {
    registry: isTextRegistry,
    path: isPath,
    guard: isFunction,
    collectTimeoutMs: isTimeMs(1),
    logger: isLogger,
  });
  requireOption('metricsRouter', 'registry', settings.registry, 'createMetrics() makes one');
  return settings;
}

// Plain segments only: Express 4 and 5 read anything else differently.
const isPath: OptionCheck = (value) =>
  typeof value === 'string' && /^(\/[\w.-]+)+$|^\/$/.test(value) ? undefined : 'must be a path such as /metrics';
