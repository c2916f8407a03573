import type { Registry } from 'prom-client';
import { isBoolean, isFunction, isLogger, isRegistry, isText, isTimeMs } from '../../core/checks.js';
import type { GetContext } from '../../core/context.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { resolveOptions, type OptionChecks, type Resolved } from '../../core/options.js';

export interface ObserveOptions {
  /**
   * Tells this pool from others: label `pool` of its metrics and field `pool` of its log lines. One open pool per name
   * and registry.
   * @default 'default'
   */
  name?: string;
  /**
   * Where the pool reports.
   * @default a logger that says nothing
   */
  logger?: Logger;
  /** Where the pool's metrics are registered; without it none are. */
  registry?: Registry;
  /** Says who is asking, so that a slow-query line carries `requestId` and `correlationId`: `getContext`. */
  context?: GetContext;
  /**
   * Milliseconds above which a query is logged as slow and counted.
   * @default 100
   */
  slowQueryThresholdMs?: number;
  /**
   * Logs every query at debug: its text without literals, never its parameters.
   * @default false
   */
  logQueries?: boolean;
}

export const OBSERVE_DEFAULTS = Object.freeze({
  name: 'default',
  logger: SILENT_LOGGER,
  slowQueryThresholdMs: 100,
  logQueries: false,
});

export type ObserveSettings = Resolved<ObserveOptions, typeof OBSERVE_DEFAULTS>;

export const OBSERVE_CHECKS: OptionChecks<ObserveOptions> = {
  name: isText,
  logger: isLogger,
  registry: isRegistry,
  context: isFunction,
  slowQueryThresholdMs: isTimeMs(0),
  logQueries: isBoolean,
};

export function resolveObserveOptions(options?: ObserveOptions): ObserveSettings {
  return resolveOptions('observePool', options, OBSERVE_DEFAULTS, OBSERVE_CHECKS);
}
