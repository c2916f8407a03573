import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { backupManifestPath, readBackupManifest, type BackupManifest } from '../../../index.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { inBackupFolder, partialPath, publish } from '../folder.js';
import { meter } from '../meter.js';
import { progress } from '../progress.js';
import { isStorageUrl, placeOf, storageError, type Place, type StorageCall } from './place.js';
import { noManifest, remoteManifest } from './remote-backups.js';

/**
 * The path of a backup that a person named: of a URL s3://bucket/prefix/file the copy in the folder of backups, which is
 * fetched when it is not there. It has its name only when it is what its manifest says.
 */
export async function localBackup(given: string, call: StorageCall, dir: string): Promise<string> {
  if (!isStorageUrl(given)) return given;
  const { place, file } = objectOf(given, call);
  try {
    const manifest = await remoteManifest(place, file, call.signal);
    if (typeof manifest === 'string') throw noManifest(given, manifest);
    const say = (message: string): void => call.terminal.complain(`${message}\n`);
    await inBackupFolder(dir, say, () => fetched(place, manifest, call, dir));
    return join(dir, file);
  } catch (error) {
    throw storageError(error);
  }
}

/** Has the storage know what a person has found out about the backup that was fetched from it. */
export async function updateRemote(given: string, call: StorageCall, dir: string): Promise<void> {
  if (!isStorageUrl(given)) return;
  const { place, file } = objectOf(given, call);
  const path = backupManifestPath(dir, file);
  try {
    await place.store.put(`${place.prefix}${basename(path)}`, [await readFile(path)], { signal: call.signal });
  } catch (error) {
    throw storageError(error);
  }
}

function objectOf(url: string, call: StorageCall): { place: Place; file: string } {
  const [, folder = '', file = ''] = /^(s3:\/\/[^/]+(?:\/.*)?)\/([^/]+)$/.exec(url) ?? [];
  if (file === '') throw new CommandError(`${JSON.stringify(url)} must be s3://bucket/prefix/file`);
  return { place: placeOf(folder, call), file };
}

async function fetched(place: Place, manifest: BackupManifest, call: StorageCall, dir: string): Promise<void> {
  const { file, sizeBytes, sha256 } = manifest;
  const there = await readBackupManifest(dir, file);
  if (typeof there !== 'string') {
    // Whoever uses it compares it with its manifest.
    if (there.sha256 === sha256) return;
    throw new CommandError(`${join(dir, file)} is another backup of the same name`, EXIT.failed);
  }
  const path = partialPath(dir, file);
  const hash = createHash('sha256');
  const bar = progress(call.terminal, 'fetching', sizeBytes);
  const counted = meter((chunk) => {
    hash.update(chunk);
    bar.advance(chunk.length);
  });
  try {
    const { body } = await place.store.get(`${place.prefix}${file}`, { signal: call.signal });
    // flush: fsync before it closes.
    await pipeline([body, counted, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true })]);
    if (hash.digest('hex') !== sha256) throw noManifest(place.urlOf(file), 'its checksum is not that of its manifest');
    await publish(dir, manifest);
  } finally {
    bar.end();
    await rm(path, { force: true });
  }
}
