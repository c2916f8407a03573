import type { Client } from 'pg';
import type { RunnableMigration, Umzug } from 'umzug';
import { refusePooler, withMigrationClient } from './migration-client.js';
import { MigrationError } from './migration-error.js';
import { readMigrations, type MigrationFile } from './migration-files.js';
import { withMigrationLock } from './migration-lock.js';
import { fileCalled, refuseOtherHistory, refuseOtherOrder, statusOf, type MigrationStatus } from './migration-state.js';
import { openMigrationTable, type MigrationTable } from './migration-table.js';
import { resolveMigratorOptions, type MigratorOptions, type MigratorSettings } from './options.js';
import { withOwnErrors } from './own-errors.js';
import { runnable } from './runnable.js';

export interface Migrator {
  /** Applies every pending migration, in order; returns their names. */
  run(): Promise<string[]>;
  /** Undoes the last applied migration with its rollback file or its `down`; returns its name, or nothing when none was applied. */
  revert(): Promise<string | undefined>;
  /** Every migration and whether it is applied. Changes nothing. */
  status(): Promise<MigrationStatus[]>;
  /** The names that `run` or `revert` would apply or undo, after the same checks. Changes nothing, waits for no lock. */
  plan(verb: 'run' | 'revert'): Promise<string[]>;
  /**
   * Corrects the record alone, and runs nothing: `applied` says that the file as it is now has been applied by hand,
   * `rolled-back` that it is not there any more. `name` is a name or the id it begins with; returns the whole name.
   */
  resolve(name: string, state: 'applied' | 'rolled-back'): Promise<string>;
}

/**
 * Brings a database to the state that its migrations describe. Several processes may call it at once: one migrates, the others
 * wait and find nothing to do. A failed migration leaves nothing of itself, save where its file controls the transaction.
 *
 * Throws `ConfigError` for wrong options; its verbs reject with `MigrationError`, and with `PoolError` when the database is away.
 *
 * @example
 * await createMigrator({ pool, dir: 'migrations', logger }).run();
 */
export function createMigrator(options: MigratorOptions): Migrator {
  const settings = resolveMigratorOptions(options);
  const ownErrors = <Result>(work: Promise<Result>): Promise<Result> => withOwnErrors(work, settings.signal);
  return {
    run: () => ownErrors(underLock(settings, run)),
    revert: () => ownErrors(underLock(settings, revert)),
    status: () => ownErrors(withMigrationClient(settings, async (client) => (await read(client, settings)).status)),
    plan: (verb) =>
      ownErrors(withMigrationClient(settings, async (client) => plan(await read(client, settings), verb))),
    resolve: (name, state) => ownErrors(underLock(settings, (session) => resolve(session, name, state))),
  };
}

interface Reading {
  readonly files: readonly MigrationFile[];
  readonly table: MigrationTable;
  readonly status: readonly MigrationStatus[];
}

interface Session extends Reading {
  readonly client: Client;
  readonly settings: MigratorSettings;
}

async function read(client: Client, settings: MigratorSettings): Promise<Reading & { status: MigrationStatus[] }> {
  const files = await readMigrations(settings.dir);
  const table = await openMigrationTable(client, settings.table);
  return { files, table, status: statusOf(files, await table.applied()) };
}

/** The lock comes before the table: two first runs at once would both create it. */
function underLock<Result>(settings: MigratorSettings, work: (session: Session) => Promise<Result>): Promise<Result> {
  return withMigrationClient(settings, async (client) => {
    await refusePooler(client);
    return withMigrationLock(client, settings, async () => {
      const reading = await read(client, settings);
      await reading.table.create();
      return work({ ...reading, client, settings });
    });
  });
}

async function run(session: Session): Promise<string[]> {
  plan(session, 'run');
  const umzug = await umzugFor(session);
  return (await umzug.up()).map(({ name }) => name);
}

async function revert(session: Session): Promise<string | undefined> {
  plan(session, 'revert');
  const umzug = await umzugFor(session);
  return (await umzug.down())[0]?.name;
}

function plan({ status }: Reading, verb: 'run' | 'revert'): string[] {
  refuseOtherHistory(status);
  if (verb === 'run') {
    refuseOtherOrder(status);
    return status.filter(({ state }) => state === 'pending').map(({ name }) => name);
  }
  const last = status.findLast(({ state }) => state === 'applied');
  if (last?.hasRollback === false) {
    const message = `${last.name} has no rollback file; write rollback/${last.name}.sql, or undo it by a new migration`;
    throw new MigrationError('ERR_MIGRATION_NO_ROLLBACK', message);
  }
  return last === undefined ? [] : [last.name];
}

async function resolve(
  { client, files, table, status }: Session,
  given: string,
  state: 'applied' | 'rolled-back',
): Promise<string> {
  const name = fileCalled(given, status);
  const file = files.find((one) => one.name === name);
  if (state === 'applied' && file === undefined) {
    throw new MigrationError(
      'ERR_MIGRATION_MISSING',
      `${name} has no file; bring it back, or resolve it as rolled back`,
    );
  }
  await client.query('BEGIN');
  await table.remove(name);
  if (state === 'applied' && file !== undefined) await table.add(file);
  await client.query('COMMIT');
  return name;
}

/** Loaded when it is needed: a service that only queries does not pay for it. */
async function umzugFor({ client, files, table, settings }: Session): Promise<Umzug> {
  const { Umzug } = await import('umzug');
  const nothing = (): Promise<void> => Promise.resolve();
  const migrations: RunnableMigration<object>[] = files.map((file) => runnable(client, table, file, settings));
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
