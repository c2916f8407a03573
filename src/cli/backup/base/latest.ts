import { lstat, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, EXIT } from '../../exit-codes.js';
import { visible } from '../../visible.js';
import { partialPath } from '../folder.js';

/** The newest base backup, under a name that does not change: `pg_verifybackup /backups/latest`. */
export const LATEST = 'latest';

/** In one step: there is no moment without it. A relative link also holds where the folder is mounted elsewhere. */
export async function pointLatestTo(dir: string, name: string): Promise<void> {
  const partial = partialPath(dir, LATEST);
  try {
    await symlink(name, partial);
    await rename(partial, join(dir, LATEST));
  } finally {
    await rm(partial, { force: true });
  }
}

/** Before hours of work: what is called so must be ours to replace. */
export async function checkLatest(dir: string): Promise<void> {
  const stats = await lstat(join(dir, LATEST)).catch(() => undefined);
  if (stats === undefined || stats.isSymbolicLink()) return;
  const cure = 'give it another name: it is that of a link to the newest base backup';
  throw new CommandError(visible(`${join(dir, LATEST)} is no link; ${cure}`), EXIT.failed);
}
