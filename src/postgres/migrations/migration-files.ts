import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MigrationError } from './migration-error.js';

/** One direction of a migration: the text of an SQL file, or a function that a module exports. */
export type Step = SqlStep | ModuleStep;

export interface SqlStep {
  readonly path: string;
  readonly sql: string;
}

export interface ModuleStep {
  readonly path: string;
  readonly verb: 'up' | 'down';
}

export interface MigrationFile {
  /** Of the file, without its extension. */
  readonly name: string;
  /** sha256 of the text; the same on every system, whatever git does to line ends. */
  readonly checksum: string;
  readonly apply: Step;
  /** Undefined when there is no such file. A module tells only once it is loaded. */
  readonly rollback: Step | undefined;
}

// Declarations say nothing to run.
const EXTENSION = /(?<!\.d)\.(?:sql|[cm]?[jt]s)$/;

// Digits, perhaps a second group of digits (a time, a number), and words: 20250115_093000_add_jobs, 20240115_001, 1_init.
const NAME = /^(\d+)(?:_(\d+))?(?:_[A-Za-z0-9][A-Za-z0-9_.-]*)?$/;
const DATE_AND_TIME = /^(\d{8})(\d{6})$/;
const DATE_ALONE = /^(?:19|20)\d{6}(?!\d|_\d+(?:_|$))/;

/** All migrations of a folder, in the order in which they are applied. */
export async function readMigrations(dir: string): Promise<MigrationFile[]> {
  const files = (await filesIn(dir)).filter((file) => EXTENSION.test(file));
  const rollbacks = new Set(await filesIn(join(dir, 'rollback'), 'may be missing'));
  const places = new Map(files.map((file) => [file, placeOf(nameOf(file))]));
  const ordered = files.sort((a, b) => compare(places.get(a) ?? [], places.get(b) ?? []) || (a < b ? -1 : 1));
  refuseSameId(ordered);
  return Promise.all(
    ordered.map((file) => (file.endsWith('.sql') ? readSql(dir, file, rollbacks) : readModule(dir, file))),
  );
}

/** Whether `a` is applied before `b`. */
export function standsBefore(a: string, b: string): boolean {
  return (compare(placeOf(a), placeOf(b)) || (a < b ? -1 : 1)) < 0;
}

async function filesIn(dir: string, mayBeMissing?: 'may be missing'): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    if (mayBeMissing !== undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new MigrationError('ERR_MIGRATION_DIR', `cannot read the migrations folder ${dir}`, { cause: error });
  }
}

function nameOf(file: string): string {
  return file.replace(EXTENSION, '');
}

async function readSql(dir: string, file: string, rollbacks: ReadonlySet<string>): Promise<MigrationFile> {
  const path = join(dir, file);
  const rollbackPath = join(dir, 'rollback', file);
  const sql = await textOf(path);
  const rollback = rollbacks.has(file) ? { path: rollbackPath, sql: await textOf(rollbackPath) } : undefined;
  return { name: nameOf(file), checksum: checksumOf(sql), apply: { path, sql }, rollback };
}

/** Not loaded yet: what has been applied long ago may need code that is gone. */
async function readModule(dir: string, file: string): Promise<MigrationFile> {
  const path = resolve(dir, file);
  const checksum = checksumOf(await textOf(path));
  return { name: nameOf(file), checksum, apply: { path, verb: 'up' }, rollback: { path, verb: 'down' } };
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function textOf(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').replace(/\r\n/g, '\n');
}

/** By number and not by letter, so that 10 comes after 9; a date without a time comes first on its day. */
function placeOf(name: string): bigint[] {
  const [, first = '', second = '-1'] = NAME.exec(name) ?? [];
  if (first === '') {
    const cure = 'name it <id>_<name>.sql with an id of digits, e.g. 20250115_093000_add_jobs.sql';
    throw new MigrationError('ERR_MIGRATION_NAME', `the migration ${name} has no place in the order; ${cure}`);
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
  for (const [index, file] of ordered.entries()) {
    const before = ordered[index - 1];
    if (before === undefined) continue;
    const [name, nameBefore] = [nameOf(file), nameOf(before)];
    const isDayShared = DATE_ALONE.test(name) && name !== nameBefore;
    if (isDayShared || compare(placeOf(nameBefore), placeOf(name)) !== 0) continue;
    const message = `${before} and ${file} have the same id; give one of them a later one`;
    throw new MigrationError('ERR_MIGRATION_NAME', message);
  }
}
