import { open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ConflictError } from 'express-runbook';
import { isPartialName } from './upload-names.js';
import { whenMissing } from './when-missing.js';

/** Files that one user may keep: with the limit of each, what a user can take of the disk. */
const MAX_FILES = 200;
/**
 * A request may take five minutes in all (`requestTimeoutMs` of the server), and every piece of it renews the time of its file: what is
 * older was left by a process that was killed.
 */
const MAX_PARTIAL_AGE_MS = 15 * 60_000;

export interface UploadPlaces {
  /** The new, empty file of this name, which takes one of the places of its folder; throws `ConflictError` when none is free. */
  take(folder: string, partial: string): Promise<FileHandle>;
}

/** One after the other in each folder, so that the last free place goes to exactly one of those who want it. */
export function createUploadPlaces(): UploadPlaces {
  const latest = new Map<string, Promise<unknown>>();
  return {
    take(folder, partial) {
      const before = latest.get(folder) ?? Promise.resolve();
      const taken = before.then(() => takePlace(folder, join(folder, partial)));
      const over = taken
        .catch(() => undefined)
        .then(() => {
          if (latest.get(folder) === over) latest.delete(folder);
        });
      latest.set(folder, over);
      return taken;
    },
  };
}

/**
 * The file is there before the places are counted: of several processes that share the folder none finds a place too many. Two that
 * want the last one at the same moment may both be refused.
 */
async function takePlace(folder: string, partial: string): Promise<FileHandle> {
  const file = await open(partial, 'wx', 0o600);
  try {
    if ((await placesTaken(folder)) <= MAX_FILES) return file;
    throw new ConflictError(`${String(MAX_FILES)} files are kept for a user: remove some first`);
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error;
  }
}

async function placesTaken(folder: string): Promise<number> {
  const names = await readdir(folder);
  const partials = names.filter(isPartialName).map((name) => join(folder, name));
  const swept = await Promise.all(partials.map(sweptWhenOld));
  return names.length - swept.filter(Boolean).length;
}

/** Whether it was old, and is gone. One that is no longer there has become an upload: it takes a place as before. */
async function sweptWhenOld(partial: string): Promise<boolean> {
  const found = await stat(partial).catch(whenMissing(undefined));
  if (found === undefined || Date.now() - found.mtimeMs < MAX_PARTIAL_AGE_MS) return false;
  await rm(partial, { force: true });
  return true;
}
