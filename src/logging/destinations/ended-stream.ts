import { once } from 'node:events';
import { withDeadline } from '../../core/deadline.js';
import type { Stream } from './opened-stream.js';

const TIMEOUT_MS = 2_000;

/** Resolves when the stream is closed. `flush` and its callback leave what is being written behind; `close` comes after the last byte. */
export async function endedStream(stream: Stream, hasRest: boolean): Promise<void> {
  // Nobody will take the rest, or fails to say so: the lines are counted as dropped.
  const over = once(stream, 'close').catch(() => undefined);
  if (hasRest) stream.destroy();
  else stream.end();
  await withDeadline(over, TIMEOUT_MS);
}
