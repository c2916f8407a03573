import { isNumber } from '../core/checks.js';
import { ConfigError } from '../core/config-error.js';
import { describe } from '../core/options.js';

/** A clock that stands until it is moved. Its functions work by themselves: `{ now: clock.now }`. */
export interface FakeClock {
  /** Milliseconds, for every option `now` of this package. */
  readonly now: () => number;
  /** Moves it on by this many milliseconds; never back. */
  readonly advance: (ms: number) => void;
  /** Puts it to this time, which may be an earlier one, as somebody who corrects a wall clock does. */
  readonly set: (ms: number) => void;
}

/**
 * A clock in the hand of a test; it begins at `startAt` milliseconds. Globals are left alone: only what was given its `now`
 * follows it. Throws `ConfigError` for a time that is not a number of at least 0.
 *
 * @example
 * const clock = fakeClock();
 * app.use(rateLimiter({ max: 1, windowMs: 60_000, now: clock.now }));
 * // … the second request is refused …
 * clock.advance(60_000);
 * // … and the third is not.
 */
export function fakeClock(startAt = 0): FakeClock {
  let time = milliseconds('startAt', startAt);
  return {
    now: () => time,
    advance(ms) {
      time += milliseconds('advance', ms);
    },
    set(ms) {
      time = milliseconds('set', ms);
    },
  };
}

const isTime = isNumber(0, Number.MAX_SAFE_INTEGER);

function milliseconds(what: string, ms: number): number {
  const problem = isTime(ms);
  if (problem === undefined) return ms;
  throw new ConfigError('ERR_OPTION_INVALID', `fakeClock.${what}`, `${problem}, got ${describe(ms)}`);
}
