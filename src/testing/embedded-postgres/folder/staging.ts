import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive } from './postmaster.js';

/** A folder beside the database's, for what is being made; it carries the pid of its maker. */
export function makeStaging(dataDir: string): string {
  return mkdtempSync(`${dataDir}.new-${String(process.pid)}-`);
}

/** Removes what makers left behind that were killed while they were at it. */
export function sweepStaging(dataDir: string): void {
  const prefix = `${basename(dataDir)}.new-`;
  for (const name of readdirSync(dirname(dataDir))) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(name.slice(prefix.length).split('-')[0]);
    if (!isAlive(pid)) rmSync(join(dirname(dataDir), name), { recursive: true, force: true });
  }
}
