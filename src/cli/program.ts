import { Command } from 'commander';
import { alerts } from './commands/alerts/index.js';
import { backup } from './commands/backup/index.js';
import { cache } from './commands/cache-clear.js';
import { config } from './commands/config-print.js';
import { conformance } from './commands/conformance.js';
import { dashboards } from './commands/dashboards.js';
import { db } from './commands/db/index.js';
import { doctor } from './commands/doctor.js';
import { logs } from './commands/logs/index.js';
import { migrate } from './commands/migrate/index.js';
import { pruneLogs } from './commands/prune-logs.js';
import { redactCheck } from './commands/redact-check.js';
import { seed } from './commands/seed.js';
import type { Terminal } from './terminal.js';
import { visibleLines } from './visible.js';

/** Adds one command, or a group of them, to the program; what it prints goes to the terminal it is given. */
type AddCommand = (program: Command, terminal: Terminal) => void;

/** In the order in which help lists them. */
const COMMANDS: readonly AddCommand[] = [
  migrate,
  seed,
  db,
  backup,
  cache,
  config,
  redactCheck,
  pruneLogs,
  doctor,
  alerts,
  dashboards,
  logs,
  conformance,
];

export function createProgram(terminal: Terminal): Command {
  // Said before the commands are added: each inherits it.
  const program = new Command('express-runbook')
    .description('Runbook commands for Express services.')
    .showSuggestionAfterError()
    .showHelpAfterError('(--help says what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.print(text),
      writeErr: (text) => terminal.complain(text),
      // It repeats arguments, which may come from a script that has them from elsewhere.
      outputError: (text, write) => write(visibleLines(text)),
    });
  for (const add of COMMANDS) add(program, terminal);
  return program;
}
