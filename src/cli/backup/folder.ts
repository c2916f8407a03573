import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBackupManifest, type BackupManifest } from '../../index.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';
import { takeLock } from './lock.js';

const PARTIAL = /\.partial-\d+$/;
const MANIFEST = '.manifest.json';

/** What the sweep took away is told here. */
type Say = (message: string) => void;

/**
 * Runs work that writes into the folder of backups: made if it is not there, locked against another run, and rid of what runs
 * that were killed have left.
 */
export async function inBackupFolder<Result>(dir: string, say: Say, work: () => Promise<Result>): Promise<Result> {
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw unusable(dir, error);
  });
  const unlock = await takeLock(dir);
  try {
    await sweep(dir, say);
    return await work();
  } catch (error) {
    throw inWordsOfTheDisk(dir, error);
  } finally {
    await unlock();
  }
}

/** Where a backup is written until it is whole. */
export function partialPath(dir: string, file: string): string {
  return join(dir, `${file}.partial-${process.pid}`);
}

/** Gives the partial backup its name. The manifest goes first: without its backup it is swept up, while a backup always has one. */
export async function publish(dir: string, manifest: BackupManifest): Promise<void> {
  await writeBackupManifest(dir, manifest);
  await rename(partialPath(dir, manifest.file), join(dir, manifest.file));
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** With the lock in hand nobody else writes here. */
async function sweep(dir: string, say: Say): Promise<void> {
  const names = await readdir(dir);
  const orphans = names.filter((name) => name.endsWith(MANIFEST) && !names.includes(name.slice(0, -MANIFEST.length)));
  for (const name of [...names.filter((one) => PARTIAL.test(one)), ...orphans]) {
    // A program that the killed run had started may still write for a moment.
    await rm(join(dir, name), { recursive: true, force: true, maxRetries: 10 });
    say(`removed ${visible(name)}, which an interrupted run has left`);
  }
}

const DISK: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'permission denied',
  EIO: 'the disk has an error',
};

function inWordsOfTheDisk(dir: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (error instanceof CommandError || DISK[code] === undefined) return error;
  return new CommandError(visible(`${DISK[code]} (${code}): ${dir}; no backup was made`), EXIT.failed);
}

function unusable(dir: string, error: unknown): CommandError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  const cure = 'BACKUP_DIR or --dir names another folder';
  return new CommandError(visible(`cannot make the folder ${dir} (${code}): ${cure}`), EXIT.failed);
}
