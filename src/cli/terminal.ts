import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { EXIT } from './exit-codes.js';

/** Where a command reads and writes; in tests something else than the process' own streams. */
export interface Terminal {
  readonly input: Readable;
  /** Results: what a pipe gets. Resolves when there is room for more. */
  print(text: string): Promise<void>;
  /** Everything else: for people. */
  complain(text: string): void;
  /** What the program ends with when the command neither throws nor says otherwise. */
  exitCode: number;
  /** What commands read settings from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The program as it was called, without arguments: for what calls it again. */
  readonly program: readonly string[];
  /** Whether a person is there to be asked. */
  readonly isInteractive: boolean;
}

export function terminal(): Terminal {
  // `| head` closes the pipe when it has enough: the rest is not wanted, and that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    // A full disk, mostly: what was asked for cannot be told, and nobody is served by a stack.
    process.stderr.write(`error: cannot write the result: ${error.message}\n`);
    process.exit(EXIT.failed);
  });
  // Nobody hears what is said of the work any more: that is no reason to break it off.
  process.stderr.on('error', () => undefined);
  return {
    input: process.stdin,
    print: (text) => written(process.stdout, text),
    complain: (text) => void process.stderr.write(text),
    exitCode: 0,
    env: process.env,
    program: [process.execPath, ...process.argv.slice(1, 2)],
    isInteractive: process.stdin.isTTY && process.stderr.isTTY,
  };
}

async function written(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}
