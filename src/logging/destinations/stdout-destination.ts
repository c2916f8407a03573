import { Writable } from 'node:stream';
import type { Destination } from './destination.js';
import type { StallPolicy } from './patience.js';
import { sonicDestination } from './sonic-destination.js';

/** Anything that takes lines. */
export interface LineWriter {
  write(line: string): unknown;
}

/** Standard output itself, or what the caller put in its place. */
export function stdoutDestination(given: LineWriter | undefined, whenStalled: StallPolicy): Destination {
  if (given !== undefined) return writerDestination(given);
  // Replaced by a test runner or an agent that wants to see what is written.
  if (Object.hasOwn(process.stdout, 'write')) return writerDestination(process.stdout);
  return sonicDestination(process.stdout.fd, 'standard output', whenStalled);
}

/** Opened by someone else, so it is not ended here; what it still holds is waited for. */
function writerDestination(writer: LineWriter): Destination {
  let dropped = 0;
  let hasFailed = false;
  const onError = (error: unknown): void => {
    dropped++;
    if (!hasFailed) process.emitWarning(`standard output cannot be written: ${String(error)}`, 'LogDestinationWarning');
    hasFailed = true;
  };
  if (writer instanceof Writable) writer.on('error', onError);
  return {
    write(line) {
      try {
        writer.write(line);
      } catch (error) {
        onError(error);
      }
    },
    reopen: () => undefined,
    close: () => written(writer),
    dropped: () => dropped,
  };
}

async function written(writer: LineWriter): Promise<void> {
  if (!(writer instanceof Writable) || writer.destroyed || writer.writableEnded || writer.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    writer.once('drain', resolve).once('error', () => {
      resolve();
    });
    writer.once('close', resolve);
  });
}
