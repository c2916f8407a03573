import type { Command } from 'commander';
import type { Terminal } from '../../terminal.js';
import { create } from './create.js';
import { generate } from './generate.js';
import { resolve } from './resolve.js';
import { revert } from './revert.js';
import { run } from './run.js';
import { show } from './show.js';

const EXPLAINED = `
Migrations are <id>_<name>.sql files with rollback/<id>_<name>.sql, or modules that export up and down: .js, .cjs and .mjs,
and TypeScript where Node itself loads it (22.18 and later). One whose first line is "-- no-transaction", or that exports
transaction = false, runs outside of a transaction: CREATE INDEX CONCURRENTLY needs that.
Exit codes: 0 done, 1 refused or failed, 2 wrong usage or settings, 130 interrupted.`;

export function migrate(program: Command, terminal: Terminal): void {
  const group = program
    .command('migrate')
    .summary('bring the database to the state its migrations describe')
    .description(
      'Brings the database to the state its migrations describe. Several may run it at once: one migrates, the others wait.',
    )
    .addHelpText('after', EXPLAINED);
  for (const add of [run, revert, show, create, generate, resolve]) add(group, terminal);
}
