/** Why a migration was not run. */
export type MigrationErrorCode =
  /** The folder cannot be read. */
  | 'ERR_MIGRATION_DIR'
  /** A file's name does not say where it stands in the order, or two files have the same id. */
  | 'ERR_MIGRATION_NAME'
  /** A file was changed after it had been applied. */
  | 'ERR_MIGRATION_CHANGED'
  /** A file is gone that had been applied. */
  | 'ERR_MIGRATION_MISSING'
  /** A new file stands before one that has been applied. */
  | 'ERR_MIGRATION_ORDER'
  /** There is no rollback file for the migration to revert. */
  | 'ERR_MIGRATION_NO_ROLLBACK'
  /** Somebody else is migrating and did not finish in time. */
  | 'ERR_MIGRATION_LOCKED'
  /** The connection leads through a pooler, where the lock may not hold. */
  | 'ERR_MIGRATION_POOLER'
  /** There is no migration of that name, or several begin with it. */
  | 'ERR_MIGRATION_UNKNOWN'
  /** `signal` was aborted. */
  | 'ERR_MIGRATION_INTERRUPTED'
  /** Its SQL failed, or something else did: `cause` has the error. Or it left its transaction open, or ended ours. */
  | 'ERR_MIGRATION_FAILED';

/** A migration was refused or failed. Recognise it by `code`, which survives duplicate installs, not by `instanceof`. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(
    /** Stable, for programs. */
    readonly code: MigrationErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${message} [${code}]`, options);
  }
}

/** The migration at `place` failed with `error`, which is the cause. */
export function migrationFailure(place: string, error: unknown): MigrationError {
  const reason = error instanceof Error ? error.message : String(error);
  return new MigrationError('ERR_MIGRATION_FAILED', `${place} failed: ${reason}`, { cause: error });
}
