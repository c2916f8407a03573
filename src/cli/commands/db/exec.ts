import type { Command } from 'commander';
import { configured, withConfigSource, type ConfigSource } from '../../database/configured.js';
import { runLibpq } from '../../database/libpq.js';
import type { Terminal } from '../../terminal.js';

export function exec(group: Command, terminal: Terminal): void {
  withConfigSource(group.command('exec'))
    .description(
      'Runs a program of PostgreSQL on the database, without its password in any argument: db exec -- pg_dump -Fc -f a.dump',
    )
    .argument('<program>', 'pg_dump, pg_isready, vacuumdb …')
    .argument('[args...]', 'its arguments')
    .action(async (program: string, args: readonly string[], options: ConfigSource) => {
      terminal.exitCode = await runLibpq(program, args, await configured(options, terminal), terminal);
    });
}
