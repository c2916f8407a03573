import type { Registry } from 'prom-client';
import { hasMethods, isFunction, isListOf, isLogger, isText, isTimeMs } from '../../core/checks.js';
import type { Logger } from '../../core/logger.js';
import type { Middleware } from '../../core/middleware.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';
import type { ClusterMetrics } from '../cluster/cluster-metrics.js';
import { METRICS_DEFAULTS } from '../registry/options.js';
import { isTextRegistry } from '../registry/text-registry.js';
import { isNetwork } from '../../core/networks.js';

export interface MetricsRouterOptions {
  /** What to show; required. */
  registry: Registry;
  /**
   * Path of the endpoint below where the router is mounted.
   * @default '/metrics'
   */
  path?: string;
  /**
   * The scraper must send `Authorization: Bearer <token>`; anybody else is answered 401.
   * @default nobody has to
   */
  token?: string;
  /**
   * Addresses and CIDR ranges from which the endpoint may be asked, e.g. `['10.0.0.0/8', '::1']`; anybody else is answered 403.
   * Both the connection and, behind a proxy that Express trusts, the client must come from there. Together with `token` both
   * are demanded.
   * @default from everywhere
   */
  networks?: readonly string[];
  /**
   * Runs before anything is collected: calls `next()` to let the scraper in, or answers 401 or 403 itself.
   * @default nobody is kept out
   */
  guard?: Middleware;
  /** What `createClusterMetrics()` made, in a worker: any worker then shows all of them together. */
  cluster?: ClusterMetrics;
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

// Plain segments only: Express 4 and 5 read anything else differently.
const isPath: OptionCheck = (value) =>
  typeof value === 'string' && /^(\/[\w.-]+)+$|^\/$/.test(value) ? undefined : 'must be a path such as /metrics';

/** What the router and the server of its own have in common. */
export const SCRAPE_CHECKS = {
  registry: isTextRegistry,
  path: isPath,
  token: isText,
  networks: isListOf(isNetwork),
  guard: isFunction,
  cluster: hasMethods('collect'),
  collectTimeoutMs: isTimeMs(1),
  logger: isLogger,
};

export function resolveMetricsRouterOptions(options: MetricsRouterOptions): MetricsRouterSettings {
  const settings = resolveOptions('metricsRouter', options, METRICS_ROUTER_DEFAULTS, SCRAPE_CHECKS);
  requireOption('metricsRouter', 'registry', settings.registry, 'createMetrics() makes one');
  return settings;
}
