import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runProgram } from '../../src/cli/run-program.js';
import type { Terminal } from '../../src/cli/terminal.js';
import { ROOT } from '../repo/source-files.js';

/** The built program. */
export const BIN = join(ROOT, 'dist/cli.js');

export interface Called {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program of `express-runbook`, called in this process. */
export async function call(
  argv: readonly string[],
  input: Iterable<string> = [],
  { env = {}, isInteractive = false }: Partial<Pick<Terminal, 'env' | 'isInteractive'>> = {},
): Promise<Called> {
  let stdout = '';
  let stderr = '';
  const exitCode = await runProgram(argv, {
    input: Readable.from(input, { objectMode: false }),
    print: (text) => {
      stdout += text;
      return Promise.resolve();
    },
    complain: (text) => {
      stderr += text;
    },
    exitCode: 0,
    env,
    program: [process.execPath, BIN],
    isInteractive,
  });
  return { exitCode, stdout, stderr };
}
