import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../embedded-postgres-error.js';
import { giveToServer } from './give-to-server.js';
import { isAlive, type Postmaster } from './postmaster.js';

/**
 * Who uses a server: one file each in a folder that belongs to one run of it. The last one out removes the folder, which
 * only succeeds when it is empty and only for one of them: that one stops the server. Whoever comes too late to leave a
 * file finds no folder and knows that the server is about to stop. The watchdog does the same in shell.
 */
function holdersOf(dataDir: string, postmaster: Postmaster): string {
  return join(dataDir, `holders-${String(postmaster.pid)}-${String(postmaster.startedAt)}`);
}

/** The name under which this call holds a server: unique, and its pid tells later whether it is still there. */
export function newHolder(): string {
  return `${String(process.pid)}-${randomBytes(6).toString('hex')}`;
}

/** Opens the folder with its first holder in it, both in one step. False when it is already there. */
export function openHolders(dataDir: string, postmaster: Postmaster, holder: string): boolean {
  const staging = mkdtempSync(join(dataDir, 'new-holders-'));
  writeFileSync(join(staging, holder), '');
  for (const path of [staging, join(staging, holder)]) giveToServer(path, dataDir);
  try {
    renameSync(staging, holdersOf(dataDir, postmaster));
    return true;
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    if (isOneOf(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

/** False when there is no folder: the server has just started, or its last user has just left. */
export function joinHolders(dataDir: string, postmaster: Postmaster, holder: string): boolean {
  try {
    const path = join(holdersOf(dataDir, postmaster), holder);
    writeFileSync(path, '', { flag: 'wx' });
    giveToServer(path, dataDir);
    return true;
  } catch (error) {
    if (isOneOf(error, 'ENOENT')) return false;
    throw error;
  }
}

/** True when nobody else holds the server: it is the caller's to stop. */
export function leaveHolders(dataDir: string, postmaster: Postmaster, holder: string): boolean {
  const folder = holdersOf(dataDir, postmaster);
  try {
    rmSync(join(folder, holder), { force: true });
    for (const other of readdirSync(folder)) {
      // Killed together with its watchdog.
      if (!isAlive(Number.parseInt(other, 10))) rmSync(join(folder, other), { force: true });
    }
    rmdirSync(folder);
    return true;
  } catch (error) {
    // No folder: its remover, should it have died in between, has left the duty to whoever comes next.
    if (isOneOf(error, 'ENOENT')) return true;
    if (isOneOf(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

/** What runs that ended by force have left. Only for the one whose server has the folder now. */
export function removeFormerHolders(dataDir: string, postmaster: Postmaster): void {
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith('holders-') && join(dataDir, name) !== holdersOf(dataDir, postmaster)) {
      rmSync(join(dataDir, name), { recursive: true, force: true });
    }
  }
}

function isOneOf(error: unknown, ...codes: string[]): boolean {
  return codes.includes(codeOf(error) ?? '');
}
