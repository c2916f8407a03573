import type { Command } from 'commander';
import { confirm } from '../../confirm.js';
import { targetOf } from '../../database/catalogue.js';
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
  const { kind, sql, word } = await withClient(call, (client) => targetOf(client, call.args[0]));
  if (full === true && dryRun !== true) {
    const what = `VACUUM FULL locks ${kind.toLowerCase()} ${sql} against reads and writes`;
    await confirm(call, what, word, yes === true);
  }
  const statement = `VACUUM ${full === true ? '(FULL, ANALYZE)' : '(ANALYZE)'}`;
  await runStatements(call, [kind === 'TABLE' ? `${statement} ${sql}` : statement]);
}
