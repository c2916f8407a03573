import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit-codes.js';
import { said } from '../option-values.js';
import { printResult } from '../print-result.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';
import { writtenFiles } from './written-files.js';

export interface GenerateOptions {
  readonly dir: string;
  readonly check?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** The options that all generators have. */
export function withGenerateOptions(command: Command): Command {
  return command
    .requiredOption('--dir <folder>', 'where the files go', said)
    .option('--check', 'write nothing, and exit with 1 when a file is not as it would be written')
    .option('--dry-run', 'write nothing')
    .option('--json', 'one JSON document on standard output');
}

/** Writes the files and says which. */
export async function generate(
  terminal: Terminal,
  options: GenerateOptions,
  texts: Readonly<Record<string, string>>,
): Promise<void> {
  const isDryRun = options.dryRun === true || options.check === true;
  const files = await writtenFiles(options.dir, texts, { isDryRun });
  const text = files.map(({ path, state }) => `${state.padEnd('unchanged'.length)}  ${visible(path)}`).join('\n');
  await printResult({ terminal, options }, { files }, text);
  if (options.check === true && files.some(({ state }) => state !== 'unchanged')) terminal.exitCode = EXIT.findings;
}

/** What the generator refuses is a mistake of the call. */
export function made<Result>(make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    throw error instanceof Error && error.name === 'ConfigError' ? new CommandError(visible(error.message)) : error;
  }
}
