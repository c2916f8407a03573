import type { Command } from 'commander';
import { targetOf } from '../../database/catalogue.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { withClient } from '../../database/with-client.js';
import { CommandError } from '../../exit-codes.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';
import { runStatements } from './statements.js';

const MAX_MS = 2_147_483_647;

export function slowLog(group: Command, terminal: Terminal): void {
  const command = group
    .command('slow-log')
    .description(
      `Has the server log this database's statements that take longer. New sessions only: those of a pool end in time.`,
    )
    .argument('<ms>', 'milliseconds, or off for the setting of the server')
    .option('--dry-run', 'show the statement, and run nothing');
  onDatabase(command, terminal, set);
}

async function set(call: DatabaseCall<{ readonly dryRun?: true }>): Promise<void> {
  const [ms = ''] = call.args;
  if (ms !== 'off' && !(/^\d{1,10}$/.test(ms) && Number(ms) <= MAX_MS)) {
    throw new CommandError(`${visible(ms)} is neither off nor a number of milliseconds`);
  }
  const { sql } = await withClient(call, (client) => targetOf(client, undefined));
  const change = ms === 'off' ? 'RESET log_min_duration_statement' : `SET log_min_duration_statement = ${ms}`;
  await runStatements(call, [`ALTER DATABASE ${sql} ${change}`]);
}
