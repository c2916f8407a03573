import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { backupManifestPath, type BackupManifest } from '../../../index.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { said } from '../../option-values.js';
import { progress } from '../progress.js';
import { placeOf, storageError, withStorage, type StorageCall, type StorageOptions } from './place.js';

export interface UploadOptions extends StorageOptions {
  readonly upload?: string;
}

/** Adds the options of an upload to a command that makes backups. */
export function withUpload(command: Command): Command {
  return withStorage(command.option('--upload <url>', 'copy it to s3://bucket/prefix once it is whole', said));
}

/** Refuses a call that could not upload before it begins: hours later is too late for that. */
export function checkUpload(call: StorageCall & { readonly options: UploadOptions }): void {
  if (call.options.upload !== undefined) placeOf(call.options.upload, call);
}

/**
 * Copies a backup, and after it its manifest, so that what has a manifest is whole. Nothing when no upload was asked for.
 * When it fails the backup itself stays as it is, and the error says so.
 */
export async function uploadBackup(
  call: StorageCall & { readonly options: UploadOptions },
  dir: string,
  manifest: BackupManifest,
): Promise<{ url: string; at: string } | undefined> {
  if (call.options.upload === undefined) return undefined;
  const { store, prefix, urlOf } = placeOf(call.options.upload, call);
  const { terminal, signal } = call;
  const { file, sizeBytes } = manifest;
  const manifestPath = backupManifestPath(dir, file);
  const bar = progress(terminal, 'uploading', sizeBytes);
  let done = 0;
  try {
    await store.put(`${prefix}${file}`, unchanged(join(dir, file), manifest), {
      sizeBytes,
      signal,
      onProgress(bytes) {
        bar.advance(bytes - done);
        done = bytes;
      },
    });
    await store.put(`${prefix}${basename(manifestPath)}`, [await readFile(manifestPath)], { signal });
    return { url: urlOf(file), at: new Date().toISOString() };
  } catch (error) {
    throw storageError(error, `the backup is whole at ${join(dir, file)}, but was not uploaded: `);
  } finally {
    bar.end();
  }
}

/** The file as its manifest knows it; what differs ends the upload before the storage makes an object of it. */
async function* unchanged(path: string, { sha256 }: BackupManifest): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) {
    // No encoding was set, so chunks are buffers.
    hash.update(chunk as Buffer);
    yield chunk as Buffer;
  }
  if (hash.digest('hex') === sha256) return;
  throw new CommandError(`${path} is not what its manifest says: it was not uploaded`, EXIT.failed);
}
