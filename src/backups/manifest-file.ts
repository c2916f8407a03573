import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestText, MANIFEST_SUFFIX, parseBackupManifest, type BackupManifest } from './manifest.js';

/** Where the manifest of a backup lies. */
export function backupManifestPath(dir: string, file: string): string {
  return join(dir, `${file}${MANIFEST_SUFFIX}`);
}

/**
 * Writes the manifest beside its backup, mode 0600: it is on disk, whole, when the promise resolves, and an older one is
 * replaced in one step. Rejects with the error of `node:fs`.
 */
export async function writeBackupManifest(dir: string, manifest: BackupManifest): Promise<void> {
  const path = backupManifestPath(dir, manifest.file);
  const partial = `${path}.partial-${process.pid}`;
  try {
    const handle = await open(partial, 'w', 0o600);
    try {
      await handle.writeFile(manifestText(manifest));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await syncFolder(dir);
}

/** A new name is on disk only once its folder is (fsync(2)). */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The manifest of a backup; a text says why there is none. */
export async function readBackupManifest(dir: string, file: string): Promise<BackupManifest | string> {
  try {
    const manifest = parseBackupManifest(await readFile(backupManifestPath(dir, file), 'utf8'));
    if (typeof manifest === 'string' || manifest.file === file) return manifest;
    return 'the manifest is that of another backup';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'there is no manifest';
    throw error;
  }
}
