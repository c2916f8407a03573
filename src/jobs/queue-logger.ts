import { Logger as QueueLogger } from 'graphile-worker';
import type { Logger } from '../core/logger.js';

// Its own debug lines, dozens at each start, are left out.
const LEVELS = { error: 'warn', warning: 'warn', info: 'debug', debug: undefined } as const;

/** What graphile-worker says. What becomes of a job is told by us, so its problems are warnings and the rest is for debugging. */
export function queueLogger(logger: Logger): QueueLogger {
  return new QueueLogger((scope) => (level, message) => {
    const ours = LEVELS[level];
    if (ours !== undefined) logger[ours]({ ...scope, queue: message }, 'Job queue');
  });
}
