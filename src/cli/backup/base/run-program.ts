import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommandError, EXIT } from '../../exit-codes.js';
import { visible } from '../../visible.js';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const MAX_WORDS = 2_000;

/** Runs a program that works on files alone, with nothing of our environment; gives what it printed. */
export async function runProgram(path: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  try {
    return (await run(path, [...args], { env, signal, maxBuffer: MAX_OUTPUT_BYTES })).stdout;
  } catch (error) {
    signal.throwIfAborted();
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const words = (stderr === '' ? message : stderr).trim().slice(0, MAX_WORDS);
    throw new CommandError(visible(`${path.slice(path.lastIndexOf('/') + 1)}: ${words}`), EXIT.failed);
  }
}
