import { isFunction, isNumber, isTimeMs } from '../../../core/checks.js';
import type { CheckResult, HealthCheck } from '../../../core/health-check.js';
import { createDelayMeter } from '../../../core/event-loop-delay.js';
import { resolveOptions } from '../../../core/options.js';
import { createHold } from './hold.js';

export interface EventLoopReading {
  /** Delay that 99 of 100 looks at the loop did not exceed, since the latest reading. */
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface EventLoopCheckOptions {
  /**
   * Milliseconds of delay (99th percentile since the latest look) above which the loop counts as degraded, once it has
   * lasted `holdMs`.
   * @default 100
   */
  warnMs?: number;
  /**
   * Milliseconds for which every look must have found the delay above the bound before it counts; 0 for at once.
   * @default 30000
   */
  holdMs?: number;
  /**
   * Where the numbers come from.
   * @default `monitorEventLoopDelay`
   */
  read?: () => EventLoopReading;
  /**
   * Milliseconds of a clock.
   * @default `Date.now`
   */
  now?: () => number;
}

export const EVENT_LOOP_CHECK_DEFAULTS = Object.freeze({ warnMs: 100, holdMs: 30_000, now: Date.now });

export interface EventLoopCheck extends HealthCheck {
  /** Stops measuring. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Says whether requests wait because something keeps the event loop busy. A start or a burst is no fault: only what lasts is
 * reported. Never critical: a restart brings no more processors.
 */
export function eventLoopCheck(options?: EventLoopCheckOptions): EventLoopCheck {
  const settings = resolveOptions('eventLoopCheck', options, EVENT_LOOP_CHECK_DEFAULTS, {
    warnMs: isNumber(0, Number.MAX_SAFE_INTEGER),
    holdMs: isTimeMs(0),
    read: isFunction,
    now: isFunction,
  });
  const isHeld = createHold(settings.warnMs, settings.holdMs);
  const meter = settings.read === undefined ? createDelayMeter() : { read: settings.read, close: () => undefined };
  return {
    name: 'eventLoop',
    critical: false,
    run(): CheckResult {
      const { p99Ms, maxMs } = meter.read();
      const details = { p99Ms: Math.round(p99Ms), maxMs: Math.round(maxMs) };
      if (!isHeld(p99Ms, settings.now())) return { status: 'up', details };
      return { status: 'degraded', message: 'Event loop delay above threshold', details };
    },
    close() {
      meter.close();
      return Promise.resolve();
    },
  };
}
