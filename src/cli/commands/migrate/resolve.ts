import type { Command } from 'commander';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { CommandError } from '../../exit-codes.js';
import { said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { migratorOf, withLockTimeout, withMigrationSource, type MigrationSource } from './migrator-of.js';

interface ResolveOptions extends MigrationSource {
  readonly applied?: string;
  readonly rolledBack?: string;
}

export function resolve(group: Command, terminal: Terminal): void {
  const command = group
    .command('resolve')
    .description(
      'Corrects what the database remembers of one migration, and runs nothing. A name or the id it begins with.',
    )
    .option('--applied <name>', 'it was applied by hand, as its file is now', said)
    .option('--rolled-back <name>', 'it was undone by hand', said);
  onDatabase(withLockTimeout(withMigrationSource(command)), terminal, correct);
}

async function correct(call: DatabaseCall<ResolveOptions>): Promise<void> {
  const { applied, rolledBack } = call.options;
  const given = applied ?? rolledBack;
  if (given === undefined || (applied !== undefined && rolledBack !== undefined)) {
    throw new CommandError('say either --applied <name> or --rolled-back <name>');
  }
  const state = applied === undefined ? 'rolled-back' : 'applied';
  const name = await (await migratorOf(call)).resolve(given, state);
  await printResult(
    call,
    { name, state },
    `${name} is remembered as ${state === 'applied' ? 'applied' : 'not applied'}`,
  );
}
