import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';

const SECOND_MS = 1000;

/** A name with the time in it, UTC: names sort as their times do, and no hour comes twice. */
function stamped(stem: string, extension: string, at: Date): string {
  const digits = at.toISOString().replaceAll(/[-:]/g, '');
  return `${stem}_${digits.slice(0, 8)}_${digits.slice(9, 15)}${extension}`;
}

/** A name of this second, or of the next one when that is taken: nothing is written over. */
export async function newStampedName(dir: string, database: string, extension: string): Promise<string> {
  for (;;) {
    const now = new Date();
    const name = stamped(fileStem(database), extension, now);
    if (!(await isTaken(dir, name))) return name;
    await delay(SECOND_MS - now.getMilliseconds());
  }
}

/** The name that a person gave, as the name of a file in the folder. */
export async function newGivenName(dir: string, name: string): Promise<string> {
  if (basename(name) !== name || name.startsWith('.'))
    throw new CommandError('--name is the name of a file, without a folder');
  // `rm *` in that folder would take it for options, and a list of its files for two of them.
  if (name.startsWith('-') || visible(name) !== name)
    throw new CommandError('--name does not begin with a dash, and has no control characters');
  if (await isTaken(dir, name)) throw new CommandError(visible(`${join(dir, name)} exists already`), EXIT.failed);
  return name;
}

async function isTaken(dir: string, name: string): Promise<boolean> {
  return lstat(join(dir, name)).then(
    () => true,
    () => false,
  );
}

/** A database may have any name; a file may not. */
function fileStem(database: string): string {
  return database.replaceAll(/[^\w.-]/g, '_').replace(/^\.+/, '') || 'database';
}
