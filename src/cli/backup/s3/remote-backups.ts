import { buffer } from 'node:stream/consumers';
import { parseBackupManifest, type BackupManifest, type FoundBackup } from '../../../index.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { storageError, type Place } from './place.js';

const MANIFEST = '.manifest.json';
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** The backups of a place that have a manifest, oldest first, damaged ones in front. Their content is not read. */
export async function remoteBackups(place: Place, signal: AbortSignal): Promise<FoundBackup[]> {
  try {
    const sizes = new Map<string, number>();
    for await (const { key, bytes } of place.store.list(place.prefix, { signal })) {
      sizes.set(key.slice(place.prefix.length), bytes);
    }
    const found: FoundBackup[] = [];
    for (const name of sizes.keys()) {
      if (!name.endsWith(MANIFEST) || name.includes('/')) continue;
      found.push(await foundBackup(place, name.slice(0, -MANIFEST.length), sizes, signal));
    }
    return found.sort((one, other) => timeOf(one) - timeOf(other));
  } catch (error) {
    throw storageError(error);
  }
}

/** The manifest of one backup; a text says what is wrong with it. */
export async function remoteManifest(
  { store, prefix }: Place,
  file: string,
  signal: AbortSignal,
): Promise<BackupManifest | string> {
  const { body, bytes } = await store.get(`${prefix}${file}${MANIFEST}`, { signal });
  if (bytes > MAX_MANIFEST_BYTES) {
    body.destroy();
    return 'the manifest is too large';
  }
  const manifest = parseBackupManifest((await buffer(body)).toString());
  if (typeof manifest === 'string' || manifest.file === file) return manifest;
  return 'the manifest is that of another backup';
}

/** Removes a backup: first its manifest, so that nothing which is half there looks like one. */
export async function removeRemote({ store, prefix }: Place, file: string, signal: AbortSignal): Promise<void> {
  try {
    await store.remove(`${prefix}${file}${MANIFEST}`, { signal });
    await store.remove(`${prefix}${file}`, { signal });
  } catch (error) {
    throw storageError(error);
  }
}

async function foundBackup(
  place: Place,
  file: string,
  sizes: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<FoundBackup> {
  const manifest = await remoteManifest(place, file, signal);
  if (typeof manifest === 'string') return { file, problem: manifest };
  const bytes = sizes.get(file);
  if (bytes === manifest.sizeBytes) return { file, manifest };
  return {
    file,
    problem: bytes === undefined ? 'it has a manifest, and is away' : 'it has another size than its manifest says',
  };
}

export function noManifest(url: string, problem: string): CommandError {
  return new CommandError(`${url} is not a backup that can be trusted: ${problem}`, EXIT.failed);
}

function timeOf({ manifest }: FoundBackup): number {
  return manifest === undefined ? 0 : Date.parse(manifest.createdAt);
}
