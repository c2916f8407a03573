import type { Command } from 'commander';
import { configured, withConfigSource, type ConfigSource } from '../../database/configured.js';
import { runLibpq } from '../../database/libpq.js';
import type { Terminal } from '../../terminal.js';

export function console(group: Command, terminal: Terminal): void {
  withConfigSource(group.command('console'))
    .description('Opens psql on the database. What stands after -- goes to psql: db console -- -c "SELECT 1"')
    .argument('[psql...]', 'arguments of psql')
    .action(async (args: readonly string[], options: ConfigSource) => {
      terminal.exitCode = await runLibpq('psql', args, await configured(options, terminal), terminal);
    });
}
