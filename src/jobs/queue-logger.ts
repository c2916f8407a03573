import { Logger as QueueLogger } from 'graphile-worker';
import type { Logger } from '../core/logger.js';

const LEVELS = { error: 'warn', warning: 'warn', info: 'debug', debug: 'debug' } as const;

/** What graphile-worker says. What becomes of a job is told by us, so its problems are warnings and the rest is for debugging. */
export function queueLogger(logger: Logger): QueueLogger {
  return new QueueLogger((scope) => (level, message) => {
    logger[LEVELS[level]]({ ...scope, queue: message }, 'Job queue');
  });
}
