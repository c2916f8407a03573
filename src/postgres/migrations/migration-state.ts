import { MigrationError } from './migration-error.js';
import { standsBefore, type MigrationFile } from './migration-files.js';
import type { AppliedMigration } from './migration-table.js';

export interface MigrationStatus {
  readonly name: string;
  /** `changed`: applied, and the file is another now; `missing`: applied, and the file is gone. */
  readonly state: 'applied' | 'pending' | 'changed' | 'missing';
  readonly appliedAt: Date | undefined;
  /** Undefined for a module: it tells when it is loaded, and showing the state loads none. */
  readonly hasRollback: boolean | undefined;
}

/** Every migration that has a file or was applied, in order. */
export function statusOf(files: readonly MigrationFile[], applied: readonly AppliedMigration[]): MigrationStatus[] {
  const byName = new Map(applied.map((one) => [one.name, one]));
  const withFile = files.map(({ name, checksum, rollback }): MigrationStatus => {
    const record = byName.get(name);
    const state = record === undefined ? 'pending' : record.checksum === checksum ? 'applied' : 'changed';
    const hasRollback = rollback === undefined ? false : 'sql' in rollback || undefined;
    return { name, state, appliedAt: record?.appliedAt, hasRollback };
  });
  const known = new Set(files.map(({ name }) => name));
  const withoutFile = applied
    .filter(({ name }) => !known.has(name))
    .map(({ name, appliedAt }): MigrationStatus => ({ name, state: 'missing', appliedAt, hasRollback: false }));
  return [...withFile, ...withoutFile].sort((a, b) => (standsBefore(a.name, b.name) ? -1 : 1));
}

/** Throws unless the files tell the history that the database has. */
export function refuseOtherHistory(status: readonly MigrationStatus[]): void {
  const missing = status.find(({ state }) => state === 'missing');
  if (missing !== undefined) {
    const cure = 'bring the file back; a step is undone by revert or by a new migration';
    throw new MigrationError('ERR_MIGRATION_MISSING', `${missing.name} was applied, but its file is gone; ${cure}`);
  }
  const changed = status.find(({ state }) => state === 'changed');
  if (changed !== undefined) {
    const cure = 'restore the file as it was, and put the change into a new migration';
    throw new MigrationError('ERR_MIGRATION_CHANGED', `${changed.name} was changed after it was applied; ${cure}`);
  }
}

/** Throws when a pending migration stands before an applied one: other databases have run them the other way round. */
export function refuseOtherOrder(status: readonly MigrationStatus[]): void {
  const last = status.findLast(({ state }) => state === 'applied');
  const pending = status.find(({ state }) => state === 'pending');
  if (last === undefined || pending === undefined || !standsBefore(pending.name, last.name)) return;
  const cure = 'give it an id that comes later';
  throw new MigrationError(
    'ERR_MIGRATION_ORDER',
    `${pending.name} stands before ${last.name}, which is applied; ${cure}`,
  );
}

/** The whole name of the migration that is meant by a name or by the id that one begins with. */
export function fileCalled(given: string, status: readonly MigrationStatus[]): string {
  const names = status.map(({ name }) => name);
  const found = names.includes(given) ? [given] : names.filter((name) => name.startsWith(`${given}_`));
  if (found[0] !== undefined && found.length === 1) return found[0];
  const which = found.length === 0 ? 'there is no migration' : 'there is more than one migration';
  const there = found.length === 0 ? names : found;
  throw new MigrationError('ERR_MIGRATION_UNKNOWN', `${which} ${JSON.stringify(given)}: ${there.join(', ')}`);
}
