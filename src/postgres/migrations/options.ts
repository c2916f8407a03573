import type { Pool } from 'pg';
import { hasMethods, isLogger, isText, isTimeMs } from '../../core/checks.js';
import { ConfigError } from '../../core/config-error.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { isConnectionString } from '../pool/connection-string.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../../core/options.js';

export interface MigratorOptions {
  /** Says where the database is; migrations run on a connection of their own with the same settings. */
  pool?: Pool;
  /** Instead of `pool`. Must lead to Postgres directly: the lock does not hold through a transaction pooler. */
  connectionString?: string;
  /**
   * Folder with `<id>_<name>.sql` files, e.g. `20250115_093000_add_jobs.sql`, and a folder `rollback` with files of the same
   * names; beside them modules (`.js`, `.cjs`, `.mjs`, and TypeScript where Node loads it) that export `up` and `down`.
   */
  dir: string;
  /**
   * Where migrations report.
   * @default a logger that says nothing
   */
  logger?: Logger;
  /**
   * Table that remembers what was applied: name, sha256 of the file, time. `schema.table` or, in the current schema, `table`.
   * @default 'schema_migrations'
   */
  table?: string;
  /**
   * Milliseconds to wait for somebody else who is migrating the same database.
   * @default 60000
   */
  lockTimeoutMs?: number;
  /** Aborted, it cancels the running statement, rolls back and ends with `ERR_MIGRATION_INTERRUPTED`. */
  signal?: AbortSignal;
}

export const MIGRATOR_DEFAULTS = Object.freeze({
  logger: SILENT_LOGGER,
  table: 'schema_migrations',
  lockTimeoutMs: 60000,
});

export type MigratorSettings = Resolved<MigratorOptions, typeof MIGRATOR_DEFAULTS>;

// Postgres cuts longer names silently, and two of them may then be one.
const IDENTIFIER = '[A-Za-z_][A-Za-z0-9_$]{0,62}';
const TABLE = new RegExp(`^(?:${IDENTIFIER}\\.)?${IDENTIFIER}$`);

const isTable: OptionCheck = (value) =>
  typeof value === 'string' && TABLE.test(value)
    ? undefined
    : 'must be a table name of letters, digits, _ and $ with at most 63 characters, or schema.table';

export function resolveMigratorOptions(options: MigratorOptions): MigratorSettings {
  const settings = resolveOptions('createMigrator', options, MIGRATOR_DEFAULTS, {
    pool: hasMethods('connect', 'query'),
    connectionString: isConnectionString,
    dir: isText,
    logger: isLogger,
    table: isTable,
    lockTimeoutMs: isTimeMs(0),
    signal: hasMethods('addEventListener', 'throwIfAborted'),
  });
  requireOption('createMigrator', 'dir', settings.dir, 'the folder with the migration files');
  const { pool, connectionString } = settings;
  requireOption('createMigrator', 'pool', pool ?? connectionString, 'give pool or connectionString');
  if (pool !== undefined && connectionString !== undefined) {
    throw new ConfigError('ERR_OPTION_CONFLICT', 'createMigrator.pool', 'and connectionString say the same; give one');
  }
  return settings;
}
