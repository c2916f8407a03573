import type { Client } from 'pg';
import type { RunnableMigration, Umzug } from 'umzug';
import { withMigrationClient } from './migration-client.js';
import { MigrationError } from './migration-error.js';
import { readMigrations, type MigrationFile } from './migration-files.js';
import { withMigrationLock } from './migration-lock.js';
import { refuseOtherHistory, refuseOtherOrder, statusOf, type MigrationStatus } from './migration-state.js';
import { openMigrationTable, type MigrationTable } from './migration-table.js';
import { resolveMigratorOptions, type MigratorOptions, type MigratorSettings } from './options.js';
import { withOwnErrors } from './own-errors.js';
import { runFile } from './run-file.js';

export interface Migrator {
  /** Applies every pending migration, in order; returns their names. */
  run(): Promise<string[]>;
  /** Undoes the last applied migration with its rollback file; returns its name, or nothing when none was applied. */
  revert(): Promise<string | undefined>;
  /** Every migration and whether it is applied. Changes nothing. */
  status(): Promise<MigrationStatus[]>;
}

/**
 * Brings a database to the state its SQL files describe. Several processes may call it at once: one migrates, the others
 * wait and find nothing to do. A failed migration leaves nothing of itself, save where its file controls the transaction.
 *
 * Throws `ConfigError` for wrong options; its verbs reject with `MigrationError`, and with `PoolError` when the database is away.
 *
 * @example
 * await createMigrator({ pool, dir: 'migrations', logger }).run();
 */
export function createMigrator(options: MigratorOptions): Migrator {
  const settings = resolveMigratorOptions(options);
  return {
    run: () => withOwnErrors(underLock(settings, run)),
    revert: () => withOwnErrors(underLock(settings, revert)),
    status: () =>
      withOwnErrors(
        withMigrationClient(settings, async (client) => {
          const table = await openMigrationTable(client, settings.table);
          return statusOf(await readMigrations(settings.dir), await table.applied());
        }),
      ),
  };
}

interface Session {
  readonly status: readonly MigrationStatus[];
  readonly umzug: Umzug;
}

/** The lock comes before the table: two first runs at once would both create it. */
function underLock<Result>(settings: MigratorSettings, work: (session: Session) => Promise<Result>): Promise<Result> {
  return withMigrationClient(settings, (client) =>
    withMigrationLock(client, settings, async () => {
      const files = await readMigrations(settings.dir);
      const table = await openMigrationTable(client, settings.table);
      await table.create();
      const status = statusOf(files, await table.applied());
      refuseOtherHistory(status);
      const umzug = await umzugFor(
        table,
        files.map((file) => runnable(client, table, file, settings)),
      );
      return work({ status, umzug });
    }),
  );
}

async function run({ status, umzug }: Session): Promise<string[]> {
  refuseOtherOrder(status);
  return (await umzug.up()).map(({ name }) => name);
}

async function revert({ status, umzug }: Session): Promise<string | undefined> {
  const last = status.findLast(({ state }) => state === 'applied');
  if (last?.hasRollback === false) {
    const message = `${last.name} has no rollback file; write rollback/${last.name}.sql, or undo it by a new migration`;
    throw new MigrationError('ERR_MIGRATION_NO_ROLLBACK', message);
  }
  return (await umzug.down())[0]?.name;
}

/** Loaded when it is needed: a service that only queries does not pay for it. */
async function umzugFor(table: MigrationTable, migrations: RunnableMigration<object>[]): Promise<Umzug> {
  const { Umzug } = await import('umzug');
  const nothing = (): Promise<void> => Promise.resolve();
  return new Umzug({
    migrations,
    logger: undefined,
    storage: {
      executed: async () => (await table.applied()).map(({ name }) => name),
      // Each migration writes its own record, in its own transaction.
      logMigration: nothing,
      unlogMigration: nothing,
    },
  });
}

function runnable(
  client: Client,
  table: MigrationTable,
  file: MigrationFile,
  { logger }: MigratorSettings,
): RunnableMigration<object> {
  const { name, path, rollback } = file;
  const timed = async (message: string, work: () => Promise<void>): Promise<void> => {
    const startedAt = performance.now();
    await work();
    logger.info({ migration: name, durationMs: Math.round(performance.now() - startedAt) }, message);
  };
  return {
    name,
    path,
    up: () => timed('Database migration applied', () => runFile(client, file, () => table.add(file))),
    down: () =>
      timed('Database migration reverted', async () => {
        if (rollback !== undefined) await runFile(client, rollback, () => table.remove(name));
      }),
  };
}
