import { pino } from 'pino';
import { withDeadline } from '../../core/deadline.js';
import type { Destination } from './destination.js';

type Stream = ReturnType<typeof pino.destination>;

// What a full disk may hold back in memory before lines are dropped instead.
const MAX_BACKLOG_BYTES = 1024 * 1024;
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * A file or file descriptor, written synchronously: a line is with the system when `log.info()` returns, so none is lost
 * by `process.exit()`, an uncaught exception or a signal (pino's buffered destinations lose theirs). It costs about as
 * much as the asynchronous default. The price: where standard output is a pipe whose reader stalls, the process waits
 * for it, as it does with `console.log` (https://nodejs.org/api/process.html#a-note-on-process-io).
 * Throws when a file cannot be opened.
 */
export function sonicDestination(target: number | string, name: string): Destination {
  const stream = pino.destination({
    dest: target,
    sync: true,
    maxLength: MAX_BACKLOG_BYTES,
  });
  let state: 'open' | 'failing' | 'left' | 'closed' = 'open';
  let dropped = 0;
  let closing: Promise<void> | undefined;
  stream.on('drop', () => dropped++);
  stream.on('write', () => {
    if (state === 'failing') state = 'open';
  });
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Once per failure, not per line: the same disk is full for every one of them.
    if (state === 'open') process.emitWarning(`${name} cannot be written: ${error.message}`, 'LogDestinationWarning');
    if (state !== 'closed') state = error.code === 'EPIPE' ? 'left' : 'failing';
  });

  return {
    write(line) {
      if (state === 'left' || state === 'closed') dropped++;
      else stream.write(line);
    },
    reopen() {
      // A descriptor has no name to be opened by; whoever opened it rotates what is behind it.
      if (typeof target === 'number') return;
      if (state === 'open' || state === 'failing') stream.reopen();
    },
    close() {
      closing ??= state === 'left' ? Promise.resolve() : ended(stream);
      state = 'closed';
      return closing;
    },
    dropped: () => dropped,
  };
}

/** `flush` and its callback leave what is being written behind; the `close` event does not come before the last byte. */
async function ended(stream: Stream): Promise<void> {
  const over = new Promise<void>((resolve) => {
    stream.once('close', () => {
      resolve();
    });
    stream.once('error', () => {
      // Nobody will take the rest; the warning above has said so.
      resolve();
    });
  });
  stream.end();
  await withDeadline(over, CLOSE_TIMEOUT_MS);
}
