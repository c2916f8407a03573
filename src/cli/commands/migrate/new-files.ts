import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError, EXIT } from '../../exit-codes.js';
import { visible } from '../../visible.js';
import { MIGRATIONS_DIR } from './migrator-of.js';

export type NewFile = readonly [path: string, text: string];

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** Where a migration goes whose name was given bare or as a path: its folder counts unless another one is said. */
export function dirOf(given: string, dir: string | undefined): string {
  return dir ?? (given.includes('/') ? dirname(given) : MIGRATIONS_DIR);
}

/** As file names are written here: MigrationName is migration_name. */
export function nameOf(given: string): string {
  const name = basename(given);
  if (!NAME.test(name)) {
    throw new CommandError(
      `${visible(name)} is no name for a migration: letters, digits, _ and - after a letter, at most 100`,
    );
  }
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}

/** With the time as id, and later ones where another migration has taken that second already: in the order of the names. */
export async function freeNames(dir: string, names: readonly string[]): Promise<string[]> {
  const taken = await filesIn(dir);
  let time = Date.now();
  return names.map((name) => {
    while (taken.some((file) => file.startsWith(`${idOf(new Date(time))}_`))) time += 1000;
    const id = idOf(new Date(time));
    time += 1000;
    return `${id}_${name}`;
  });
}

async function filesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new CommandError(`cannot read ${visible(dir)}: ${(error as Error).message}`, EXIT.failed);
  }
}

function idOf(time: Date): string {
  const digits = time.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}_${digits.slice(8, 14)}`;
}

/** An SQL migration and its rollback. */
export function sqlPair(dir: string, name: string, up: string, down: string): NewFile[] {
  return [
    [join(dir, `${name}.sql`), up],
    [join(dir, 'rollback', `${name}.sql`), down],
  ];
}

/** Never over a file that is there. */
export async function writeFiles(files: readonly NewFile[]): Promise<void> {
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text, { flag: 'wx' });
    }
  } catch (error) {
    throw new CommandError(`cannot write: ${(error as Error).message}`, EXIT.failed);
  }
}
