import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MigrationError } from './migration-error.js';

export interface MigrationFile {
  /** Of the file, without `.sql`. */
  readonly name: string;
  readonly path: string;
  readonly sql: string;
  /** sha256 of the text; the same on every system, whatever git does to line ends. */
  readonly checksum: string;
  /** Undefined when there is no such file. */
  readonly rollback: { readonly path: string; readonly sql: string } | undefined;
}

// Digits, perhaps a second group of digits (a time, a number), and words: 20250115_093000_add_jobs, 20240115_001, 1_init.
const NAME = /^(\d+)(?:_(\d+))?(?:_[A-Za-z0-9][A-Za-z0-9_.-]*)?$/;
const DATE_AND_TIME = /^(\d{8})(\d{6})$/;
const DATE_ALONE = /^(?:19|20)\d{6}(?!\d|_\d+(?:_|$))/;

/** All migrations of a folder, in the order in which they are applied. */
export async function readMigrations(dir: string): Promise<MigrationFile[]> {
  const names = await namesIn(dir);
  const rollbacks = new Set(await namesIn(join(dir, 'rollback'), 'may be missing'));
  const places = new Map(names.map((name) => [name, placeOf(name)]));
  const ordered = names.sort((a, b) => compare(places.get(a) ?? [], places.get(b) ?? []) || (a < b ? -1 : 1));
  refuseSameId(ordered);
  return Promise.all(ordered.map((name) => read(dir, name, rollbacks.has(name))));
}

/** Whether `a` is applied before `b`. */
export function standsBefore(a: string, b: string): boolean {
  return (compare(placeOf(a), placeOf(b)) || (a < b ? -1 : 1)) < 0;
}

async function namesIn(dir: string, mayBeMissing?: 'may be missing'): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith('.sql'))
      .map(({ name }) => name.slice(0, -4));
  } catch (error) {
    if (mayBeMissing !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new MigrationError('ERR_MIGRATION_DIR', `cannot read the migrations folder ${dir}`, { cause: error });
  }
}

async function read(dir: string, name: string, hasRollback: boolean): Promise<MigrationFile> {
  const path = join(dir, `${name}.sql`);
  const rollbackPath = join(dir, 'rollback', `${name}.sql`);
  const sql = await textOf(path);
  const checksum = createHash('sha256').update(sql).digest('hex');
  const rollback = hasRollback ? { path: rollbackPath, sql: await textOf(rollbackPath) } : undefined;
  return { name, path, sql, checksum, rollback };
}

async function textOf(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').replace(/\r\n/g, '\n');
}

/** By number and not by letter, so that 10 comes after 9; a date without a time comes first on its day. */
function placeOf(name: string): bigint[] {
  const [, first = '', second = '-1'] = NAME.exec(name) ?? [];
  if (first === '') {
    const cure = 'name it <id>_<name>.sql with an id of digits, e.g. 20250115_093000_add_jobs.sql';
    throw new MigrationError('ERR_MIGRATION_NAME', `the migration ${name}.sql has no place in the order; ${cure}`);
  }
  const [, date, time] = DATE_AND_TIME.exec(first) ?? [];
  // Whole: the digits of a time with milliseconds are more than a number holds.
  return [BigInt(date ?? first), BigInt(time ?? second)];
}

function compare(a: readonly bigint[], b: readonly bigint[]): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  if (index === -1) return 0;
  return (a[index] ?? 0n) < (b[index] ?? 0n) ? -1 : 1;
}

/** Two branches that took the same number: which comes first was never decided. A day has room for many names. */
function refuseSameId(ordered: readonly string[]): void {
  for (const [index, name] of ordered.entries()) {
    const before = ordered[index - 1];
    if (before === undefined || DATE_ALONE.test(name) || compare(placeOf(before), placeOf(name)) !== 0) continue;
    const message = `${before}.sql and ${name}.sql have the same id; give one of them a later one`;
    throw new MigrationError('ERR_MIGRATION_NAME', message);
  }
}
