import type { Command } from 'commander';
import { confirm } from '../../confirm.js';
import { relationOf } from '../../database/catalogue.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { withClient } from '../../database/with-client.js';
import type { Terminal } from '../../terminal.js';
import { runStatements } from './statements.js';

interface VacuumOptions {
  readonly full?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

export function vacuum(group: Command, terminal: Terminal): void {
  const command = group
    .command('vacuum')
    .description('Frees the room of dead rows for new ones, and renews the statistics.')
    .argument('[table]', 'this table alone, or schema.table')
    .option('--full', 'give the room back to the system; locks each table against everybody, so it asks first')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the statement, and run nothing');
  onDatabase(command, terminal, run);
}

async function run(call: DatabaseCall<VacuumOptions>): Promise<void> {
  const { full, yes, dryRun } = call.options;
  const [given] = call.args;
  const table = given === undefined ? undefined : await withClient(call, (client) => relationOf(client, given));
  const what = table?.sql ?? `database ${call.config.database.name}`;
  if (full === true && dryRun !== true) {
    await confirm(
      call,
      `VACUUM FULL locks ${what} against reads and writes`,
      given ?? call.config.database.name,
      yes === true,
    );
  }
  const words = full === true ? '(FULL, ANALYZE)' : '(ANALYZE)';
  await runStatements(call, [table === undefined ? `VACUUM ${words}` : `VACUUM ${words} ${table.sql}`]);
}
