import type { Command } from 'commander';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { migratorOf, withLockTimeout, withMigrationSource, type MigrationSource } from './migrator-of.js';

interface RunOptions extends MigrationSource {
  readonly dryRun?: true;
}

export function run(group: Command, terminal: Terminal): void {
  const command = group
    .command('run')
    .alias('deploy')
    .description('Applies every pending migration, in order.')
    .option('--dry-run', 'say what would be applied, and change nothing');
  onDatabase(withLockTimeout(withMigrationSource(command)), terminal, apply);
}

async function apply(call: DatabaseCall<RunOptions>): Promise<void> {
  const migrator = await migratorOf(call);
  if (call.options.dryRun === true) {
    const pending = await migrator.plan('run');
    return printResult(call, { pending }, lines(pending, 'would apply'));
  }
  const applied = await migrator.run();
  return printResult(call, { applied }, lines(applied, 'applied'));
}

function lines(names: readonly string[], verb: string): string {
  return names.length === 0 ? 'nothing to apply' : names.map((name) => `${verb} ${name}`).join('\n');
}
