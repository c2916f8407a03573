import type { Registry } from 'prom-client';
import { isFunction, isInteger, isLogger, isRegistry, isTimeMs } from '../../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { resolveOptions, type Resolved } from '../../core/options.js';

export interface LoadShedderOptions {
  /**
   * Requests under way above which the next is refused.
   * @default 1000
   */
  maxInFlight?: number;
  /**
   * Milliseconds by which the event loop may be late: the 99th percentile of the last second above it refuses requests.
   * @default 500
   */
  maxEventLoopDelayMs?: number;
  /**
   * What `Retry-After` says, in seconds.
   * @default 5
   */
  retryAfterSeconds?: number;
  /**
   * Told when shedding begins and when it ends.
   * @default none: silent
   */
  logger?: Logger;
  /** Where `requests_shed_total{reason="event_loop|in_flight"}` is counted; nowhere when left out. */
  registry?: Registry;
  /**
   * Milliseconds by which the event loop was late since it was last asked; for tests.
   * @default the 99th percentile of `perf_hooks.monitorEventLoopDelay`
   */
  eventLoopDelayMs?: () => number;
  /**
   * Milliseconds of a clock that never goes back; for tests.
   * @default the monotonic clock of `performance.now`
   */
  now?: () => number;
}

export const LOAD_SHEDDER_DEFAULTS = Object.freeze({
  maxInFlight: 1000,
  maxEventLoopDelayMs: 500,
  retryAfterSeconds: 5,
  logger: SILENT_LOGGER,
  now: (): number => performance.now(),
});

export type LoadShedderSettings = Resolved<LoadShedderOptions, typeof LOAD_SHEDDER_DEFAULTS>;

export function resolveLoadShedderOptions(options?: LoadShedderOptions): LoadShedderSettings {
  return resolveOptions<LoadShedderOptions, typeof LOAD_SHEDDER_DEFAULTS>(
    'loadShedder',
    options,
    LOAD_SHEDDER_DEFAULTS,
    {
      maxInFlight: isInteger(1),
      maxEventLoopDelayMs: isTimeMs(1),
      retryAfterSeconds: isInteger(0),
      logger: isLogger,
      registry: isRegistry,
      eventLoopDelayMs: isFunction,
      now: isFunction,
    },
  );
}
