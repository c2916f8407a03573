import type { Client } from 'pg';
import type { RunnableMigration } from 'umzug';
import type { MigrationFile } from './migration-files.js';
import type { MigrationTable } from './migration-table.js';
import type { MigratorSettings } from './options.js';
import { runStep } from './run-step.js';

/** A migration as umzug takes it; each tells how long it took. */
export function runnable(
  client: Client,
  table: MigrationTable,
  file: MigrationFile,
  { logger, signal }: MigratorSettings,
): RunnableMigration<object> {
  const { name, apply, rollback } = file;
  const timed = async (message: string, work: () => Promise<void>): Promise<void> => {
    const startedAt = performance.now();
    await work();
    logger.info({ migration: name, durationMs: Math.round(performance.now() - startedAt) }, message);
  };
  return {
    name,
    path: apply.path,
    up: () => timed('Database migration applied', () => runStep(client, apply, () => table.add(file), signal)),
    down: () =>
      timed('Database migration reverted', async () => {
        if (rollback !== undefined) await runStep(client, rollback, () => table.remove(name), signal);
      }),
  };
}
