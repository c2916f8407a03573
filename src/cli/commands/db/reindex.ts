import type { Command } from 'commander';
import { confirm } from '../../confirm.js';
import { targetOf } from '../../database/catalogue.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { withClient } from '../../database/with-client.js';
import type { Terminal } from '../../terminal.js';
import { runStatements } from './statements.js';

interface ReindexOptions {
  readonly locking?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

export function reindex(group: Command, terminal: Terminal): void {
  const command = group
    .command('reindex')
    .description(
      'Builds the indexes anew, of one table or of the database this is connected to, while it goes on working.',
    )
    .argument('[table]', 'this table alone, or schema.table')
    .option('--locking', 'quicker, with writes locked out meanwhile; asks first')
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show the statement, and run nothing');
  onDatabase(command, terminal, run);
}

/** REINDEX DATABASE takes no other name than that of the database one is connected to. */
async function run(call: DatabaseCall<ReindexOptions>): Promise<void> {
  const { locking, yes, dryRun } = call.options;
  const { kind, sql, word } = await withClient(call, (client) => targetOf(client, call.args[0]));
  if (locking === true && dryRun !== true) {
    await confirm(call, `REINDEX locks writes out of ${kind.toLowerCase()} ${sql}`, word, yes === true);
  }
  await runStatements(call, [`REINDEX ${kind}${locking === true ? '' : ' CONCURRENTLY'} ${sql}`]);
}
