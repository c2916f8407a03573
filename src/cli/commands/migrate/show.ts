import type { Command } from 'commander';
import type { MigrationStatus } from '../../../postgres/index.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { EXIT } from '../../exit-codes.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { migratorOf, withMigrationSource, type MigrationSource } from './migrator-of.js';

const MARKS = { applied: '[X]', pending: '[ ]', changed: '[!]', missing: '[?]' } as const;
const REMARKS = {
  applied: '',
  pending: '',
  changed: ' (changed after it was applied)',
  missing: ' (applied, and its file is gone)',
};

export function show(group: Command, terminal: Terminal): void {
  const command = group
    .command('show')
    .alias('status')
    .description(
      'Lists every migration: [X] applied, [ ] pending, [!] changed, [?] missing. The last two exit with 1.',
    );
  onDatabase(withMigrationSource(command), terminal, list);
}

async function list(call: DatabaseCall<MigrationSource>): Promise<void> {
  const status = await (await migratorOf(call)).status();
  const text = status.length === 0 ? 'no migrations' : status.map(lineOf).join('\n');
  await printResult(call, { migrations: status }, text);
  if (status.some(({ state }) => state === 'changed' || state === 'missing')) call.terminal.exitCode = EXIT.findings;
}

function lineOf({ name, state }: MigrationStatus): string {
  return `${MARKS[state]} ${name}${REMARKS[state]}`;
}
