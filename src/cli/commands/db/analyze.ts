import type { Command } from 'commander';
import { targetOf } from '../../database/catalogue.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { withClient } from '../../database/with-client.js';
import type { Terminal } from '../../terminal.js';
import { runStatements } from './statements.js';

export function analyze(group: Command, terminal: Terminal): void {
  const command = group
    .command('analyze')
    .description('Renews the statistics that plans are made from.')
    .argument('[table]', 'this table alone, or schema.table')
    .option('--dry-run', 'show the statement, and run nothing');
  onDatabase(command, terminal, run);
}

async function run(call: DatabaseCall<{ readonly dryRun?: true }>): Promise<void> {
  const { kind, sql } = await withClient(call, (client) => targetOf(client, call.args[0]));
  await runStatements(call, [kind === 'TABLE' ? `ANALYZE ${sql}` : 'ANALYZE']);
}
