import type { Registry } from 'prom-client';
import { isLogger, isText, isTimeMs } from '../../core/checks.js';
import type { Logger } from '../../core/logger.js';
import { requireOption, resolveOptions, type Resolved } from '../../core/options.js';
import { METRICS_DEFAULTS } from '../registry/options.js';
import { isTextRegistry } from '../registry/text-registry.js';

export interface ClusterMetricsOptions {
  /** This worker's own metrics; required. */
  registry: Registry;
  /** Which service this is a worker of; workers of another name under the same parent process stay apart. Required. */
  name: string;
  /**
   * Folder in which the workers find each other; made when missing, for this user alone. On Linux a path of a socket may have
   * 107 characters.
   * @default a folder of this user in the system's folder for temporary files
   */
  dir?: string;
  /**
   * Milliseconds another worker may take to answer; one that takes longer is missing from that exposition.
   * @default 2000
   */
  timeoutMs?: number;
  /**
   * Told when workers cannot find each other, and when one does not answer.
   * @default silent
   */
  logger?: Logger;
}

export const CLUSTER_METRICS_DEFAULTS = Object.freeze({ timeoutMs: 2000, logger: METRICS_DEFAULTS.logger });

export type ClusterMetricsSettings = Resolved<ClusterMetricsOptions, typeof CLUSTER_METRICS_DEFAULTS>;

export function resolveClusterMetricsOptions(options: ClusterMetricsOptions): ClusterMetricsSettings {
  const settings = resolveOptions('clusterMetrics', options, CLUSTER_METRICS_DEFAULTS, {
    registry: isTextRegistry,
    name: isText,
    dir: isText,
    timeoutMs: isTimeMs(1),
    logger: isLogger,
  });
  requireOption('clusterMetrics', 'registry', settings.registry, 'createMetrics() makes one');
  requireOption('clusterMetrics', 'name', settings.name, "say of which service, e.g. { name: 'orders' }");
  return settings;
}
