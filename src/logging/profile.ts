import type { LogFields, Logger } from '../core/logger.js';

/** A piece of work whose time is taken. */
export interface ProfiledWork {
  /** Writes the line, with `fields` beside the time, and gives the milliseconds since the start. Called again, it does so again. */
  end(fields?: LogFields): number;
}

/**
 * Takes the time of a piece of work: `end()` writes the debug line `[Profile] <label>`, whose `duration` is a number of
 * milliseconds, so that queries for slow lines can compare it. The label is fixed in the program; what differs from one call to
 * the next belongs into the fields. For where the time goes inside the process there is `createProfiler()`.
 *
 * @example
 * const work = profile(logger, 'import events');
 * await importEvents();
 * work.end({ events: 120 });
 */
export function profile(logger: Logger, label: string): ProfiledWork {
  const startedAt = performance.now();
  return {
    end(fields = {}) {
      const duration = Math.round(performance.now() - startedAt);
      logger.debug({ ...fields, duration }, `[Profile] ${label}`);
      return duration;
    },
  };
}
