import { CommanderError } from 'commander';
import { CommandError, EXIT } from './exit-codes.js';
import { createProgram } from './program.js';
import type { Terminal } from './terminal.js';
import { visibleLines } from './visible.js';
import { withoutSecretsOf } from './without-secrets.js';

/** Runs one call of the program and gives back its exit code. An error that no command foresaw is shown with its stack. */
export async function runProgram(argv: readonly string[], given: Terminal): Promise<number> {
  const told = withoutSecretsOf(argv);
  const terminal: Terminal = { ...given, complain: (text) => given.complain(told(text)) };
  try {
    await createProgram(terminal).parseAsync(argv, { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    // Help and version were asked for; anything else commander has told already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof CommandError) {
      // It may repeat a name or an answer from elsewhere.
      terminal.complain(`error: ${visibleLines(error.message)}\n`);
      return error.exitCode;
    }
    terminal.complain(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return EXIT.failure;
  }
}
