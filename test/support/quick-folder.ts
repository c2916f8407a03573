import { chmodSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHARED_MEMORY = '/dev/shm';
const ROOM_BYTES = 1e9;

/** A temporary folder where fsync costs nothing, if there is room for some: a base backup is a thousand files. Open to all accounts. */
export function quickFolder(name: string): string {
  const folder = mkdtempSync(join(hasRoom() ? SHARED_MEMORY : tmpdir(), `${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return bavail * bsize > ROOM_BYTES;
  } catch {
    // Not every system has it.
    return false;
  }
}
