import type { Command } from 'commander';
import type { Logger } from '../../../index.js';
import type { Migrator } from '../../../postgres/index.js';
import type { DatabaseCall } from '../../database/on-database.js';
import { said, wholeNumber } from '../../option-values.js';
import { peopleLogger } from '../../people-logger.js';

export interface MigrationSource {
  readonly dir?: string;
  readonly table?: string;
  readonly lockTimeout?: number;
}

export const MIGRATIONS_DIR = 'migrations';
const MAX_SECONDS = 86_400;

export function withMigrationSource(command: Command): Command {
  return command
    .option('--dir <folder>', `folder with the migrations (default: ${MIGRATIONS_DIR})`, said)
    .option('--table <name>', 'table that remembers what was applied (default: schema_migrations)', said);
}

export function withLockTimeout(command: Command): Command {
  const text = 'how long to wait for another migration (default: 60)';
  return command.option('--lock-timeout <seconds>', text, wholeNumber(0, MAX_SECONDS));
}

export async function migratorOf(
  { pool, signal, terminal, options }: Pick<DatabaseCall<MigrationSource>, 'pool' | 'signal' | 'terminal' | 'options'>,
  logger: Logger = peopleLogger(terminal),
): Promise<Migrator> {
  const { createMigrator } = await import('../../../postgres/index.js');
  const { dir = MIGRATIONS_DIR, table, lockTimeout } = options;
  const lockTimeoutMs = lockTimeout === undefined ? undefined : lockTimeout * 1000;
  return createMigrator({ pool, dir, table, lockTimeoutMs, signal, logger });
}
