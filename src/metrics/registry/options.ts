import type { Registry } from 'prom-client';
import { isBoolean, isLogger, isText, isTimeMs } from '../../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { resolveOptions, type Resolved } from '../../core/options.js';
import { isTextRegistry } from './text-registry.js';

export interface MetricsOptions {
  /**
   * Where the metrics live: your own prom-client `Registry`, with metrics of yours on it if you like.
   * @default a new one for each call; never prom-client's global one
   */
  registry?: Registry;
  /**
   * Name of the service, as `app_build_info` tells it.
   * @default 'unknown'
   */
  service?: string;
  /**
   * Version of the service, as `app_build_info` tells it.
   * @default 'unknown'
   */
  version?: string;
  /**
   * Whether process, memory, event loop and garbage collection are measured, by prom-client's own names, and processors,
   * memory, disk and network of the machine or container as `system_…`.
   * @default true
   */
  defaultMetrics?: boolean;
  /**
   * Milliseconds a metric may take to collect; one that takes longer is left out of that exposition.
   * @default 5000
   */
  collectTimeoutMs?: number;
  /**
   * Told once when a metric can no longer be collected.
   * @default silent
   */
  logger?: Logger;
}

export const METRICS_DEFAULTS = Object.freeze({
  service: 'unknown',
  version: 'unknown',
  defaultMetrics: true,
  collectTimeoutMs: 5000,
  logger: SILENT_LOGGER,
});

export type MetricsSettings = Resolved<MetricsOptions, typeof METRICS_DEFAULTS>;

export function resolveMetricsOptions(options?: MetricsOptions): MetricsSettings {
  return resolveOptions('metrics', options, METRICS_DEFAULTS, {
    registry: isTextRegistry,
    service: isText,
    version: isText,
    defaultMetrics: isBoolean,
    collectTimeoutMs: isTimeMs(1),
    logger: isLogger,
  });
}
