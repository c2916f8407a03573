import { linkSync, renameSync, rmSync } from 'node:fs';
import { codeOf } from '../embedded-postgres-error.js';
import { isKnown, pidFileOf, pidIn, readPidFile } from './postmaster.js';

/**
 * Removes a pid file whose number another program has by now: after a reboot or in a new container Postgres itself would
 * take that program for a running server, and likewise a server that was killed and that nobody has buried. When the pid is free Postgres sees to it alone.
 */
export function removeStalePidFile(dataDir: string, holder: string): void {
  const stale = readPidFile(dataDir);
  if (stale === undefined || !isKnown(stale.pid)) return;
  const aside = `${pidFileOf(dataDir)}.${holder}`;
  try {
    renameSync(pidFileOf(dataDir), aside);
    // Another starter may have put its own in the place of the one that was read.
    if (pidIn(aside)?.pid !== stale.pid) linkSync(aside, pidFileOf(dataDir));
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
