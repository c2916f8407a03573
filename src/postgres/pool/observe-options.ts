import type { Registry } from 'prom-client';
import { isBoolean, isFunction, isLogger, isOneOf, isRegistry, isText, isTimeMs } from '../../core/checks.js';
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
   * Milliseconds in which a slow query has one line per text; how many more there were is said at their end. 0 logs
   * every one. The metric counts all of them.
   * @default 10000
   */
  slowQueryWindowMs?: number;
  /**
   * Tells the server who asks, from `context`, for `pg_stat_activity` and the server's log. `'comment'` adds request and
   * correlation id to the text in the sqlcommenter format, except to prepared statements and to texts with a comment.
   * `'application-name'` sets `application_name` to `<application>:<request id>` while the connection is checked out, at
   * the price of one round trip per checkout.
   * @default 'none'
   */
  tagQueries?: 'none' | 'comment' | 'application-name';
  /**
   * Shows deadlocks, recovery conflicts and size of the database, asked of the server at every scrape. Needs `registry`.
   * @default false
   */
  serverMetrics?: boolean;
  /**
   * Milliseconds after which a client from `connect()` that has not come back is logged, with file and line of whoever
   * asked for it; 0 is off. Costs a stack trace per `connect()`; `pool.query` always gives its client back.
   * @default 0
   */
  leakThresholdMs?: number;
  /**
   * Milliseconds of lying idle after which a connection is asked whether it is still there before it is given out, so that
   * nobody gets one that a firewall has forgotten; 0 is never.
   * @default 5000
   */
  pingAfterIdleMs?: number;
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
  slowQueryWindowMs: 10000,
  tagQueries: 'none',
  serverMetrics: false,
  leakThresholdMs: 0,
  pingAfterIdleMs: 5000,
  logQueries: false,
});

export type ObserveSettings = Resolved<ObserveOptions, typeof OBSERVE_DEFAULTS>;

export const OBSERVE_CHECKS: OptionChecks<ObserveOptions> = {
  name: isText,
  logger: isLogger,
  registry: isRegistry,
  context: isFunction,
  slowQueryThresholdMs: isTimeMs(0),
  slowQueryWindowMs: isTimeMs(0),
  tagQueries: isOneOf(['none', 'comment', 'application-name']),
  serverMetrics: isBoolean,
  leakThresholdMs: isTimeMs(0),
  pingAfterIdleMs: isTimeMs(0),
  logQueries: isBoolean,
};

/** The part of a pool's settings that is about observing it. */
export function observeOptionsOf(settings: ObserveSettings): ObserveOptions {
  const names = Object.keys(OBSERVE_CHECKS) as (keyof ObserveOptions)[];
  return Object.fromEntries(names.map((name) => [name, settings[name]]));
}

export function resolveObserveOptions(options?: ObserveOptions): ObserveSettings {
  return resolveOptions('observePool', options, OBSERVE_DEFAULTS, OBSERVE_CHECKS);
}
