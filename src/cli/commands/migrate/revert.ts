import type { Command } from 'commander';
import { confirm } from '../../confirm.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { migratorOf, withLockTimeout, withMigrationSource, type MigrationSource } from './migrator-of.js';

interface RevertOptions extends MigrationSource {
  readonly dryRun?: true;
  readonly yes?: true;
}

export function revert(group: Command, terminal: Terminal): void {
  const command = group
    .command('revert')
    .alias('rollback')
    .description('Undoes the last applied migration. In production it asks first.')
    .option('--dry-run', 'say what would be undone, and change nothing')
    .option('--yes', 'do not ask in production');
  onDatabase(withLockTimeout(withMigrationSource(command)), terminal, undo);
}

async function undo(call: DatabaseCall<RevertOptions>): Promise<void> {
  const { dryRun, yes } = call.options;
  const migrator = await migratorOf(call);
  if (dryRun === true || call.config.isProduction) {
    const [name] = await migrator.plan('revert');
    if (dryRun === true || name === undefined) return printUndone(call, name, 'would revert');
    await confirm(call, `this reverts ${name} in production`, name, yes === true);
  }
  return printUndone(call, await migrator.revert(), 'reverted');
}

function printUndone(call: DatabaseCall<RevertOptions>, name: string | undefined, verb: string): Promise<void> {
  const key = verb === 'reverted' ? 'reverted' : 'wouldRevert';
  return printResult(call, { [key]: name ?? null }, name === undefined ? 'nothing to revert' : `${verb} ${name}`);
}
