import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readBackupManifest } from './manifest-file.js';
import { MANIFEST_SUFFIX, type BackupManifest } from './manifest.js';

/** A backup with its manifest, or what is wrong with it. */
export type FoundBackup =
  | { readonly file: string; readonly manifest: BackupManifest; readonly problem?: undefined }
  | { readonly file: string; readonly manifest?: undefined; readonly problem: string };

/**
 * The backups of a folder that have a manifest, oldest first, damaged ones in front: a manifest that cannot be believed, a
 * file that is away or has another size. The content is not read. Rejects with the error of `node:fs`.
 */
export async function readBackups(dir: string): Promise<FoundBackup[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith(MANIFEST_SUFFIX)).sort();
  const found = await Promise.all(names.map((name) => foundBackup(dir, name.slice(0, -MANIFEST_SUFFIX.length))));
  return found.sort((one, other) => timeOf(one) - timeOf(other));
}

async function foundBackup(dir: string, file: string): Promise<FoundBackup> {
  const manifest = await readBackupManifest(dir, file);
  if (typeof manifest === 'string') return { file, problem: manifest };
  try {
    const stats = await stat(join(dir, file));
    const hasItsSize = manifest.format === 'base' ? stats.isDirectory() : stats.size === manifest.sizeBytes;
    return hasItsSize ? { file, manifest } : { file, problem: 'it has another size than its manifest says' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { file, problem: 'it has a manifest, and is away' };
    throw error;
  }
}

function timeOf({ manifest }: FoundBackup): number {
  return manifest === undefined ? 0 : Date.parse(manifest.createdAt);
}
