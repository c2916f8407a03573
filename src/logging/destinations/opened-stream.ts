import { pino } from 'pino';
import type { Failure } from './failure.js';

export type Stream = ReturnType<typeof pino.destination>;

// What a full disk or a stalled reader may hold back in memory before lines are dropped instead.
const MAX_BACKLOG_BYTES = 1024 * 1024;

/** A stream that writes at once and tells, while it does, of every failure. It does not wait for a full pipe by itself. */
export function openedStream(target: number | string, onFailure: (failure: Failure) => void): Stream {
  const stream = pino.destination({ dest: target, sync: true, maxLength: MAX_BACKLOG_BYTES, retryEAGAIN: () => false });
  stream.on('error', onFailure);
  stream.on('drop', () => onFailure('full'));
  return stream;
}
