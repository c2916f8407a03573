import { startMultipart, type Multipart } from './multipart.js';
import type { ObjectStoreSettings } from './options.js';
import { partsOf } from './parts.js';
import { putChecked } from './put-checked.js';
import { StorageError } from './storage-error.js';

export interface PutOptions {
  /** How many bytes there are. The upload fails when there are more or fewer. */
  readonly sizeBytes?: number;
  /** Ends the upload, which then leaves nothing behind. */
  readonly signal?: AbortSignal;
  /** Told how many bytes the storage has, after each part. */
  readonly onProgress?: (bytes: number) => void;
}

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
}

const MAX_PARTS = 10_000;
const MEBIBYTE = 1024 * 1024;

/** One request for what fits into one part, and a multipart upload for the rest, which leaves nothing behind when it fails. */
export async function upload(
  settings: ObjectStoreSettings,
  key: string,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: PutOptions,
): Promise<StoredObject> {
  const partBytes = fittingPartBytes(settings, options.sizeBytes);
  let multipart: Multipart | undefined;
  let bytes = 0;
  let etag = '';
  try {
    for await (const part of partsOf(source, partBytes)) {
      bytes += part.length;
      if (part.length === partBytes) multipart ??= await startMultipart(settings, key, options.signal);
      else if (multipart === undefined) checkSize(key, bytes, options);
      if (multipart === undefined)
        etag = await putChecked(settings, { method: 'PUT', key, body: part, signal: options.signal });
      else await multipart.add(part);
      options.onProgress?.(bytes);
    }
    checkSize(key, bytes, options);
    if (multipart !== undefined) etag = await multipart.complete(bytes);
    return { key, bytes, etag };
  } catch (error) {
    await multipart?.abort();
    throw error;
  }
}

function fittingPartBytes({ partBytes }: ObjectStoreSettings, sizeBytes = 0): number {
  return Math.max(partBytes, Math.ceil(sizeBytes / MAX_PARTS / MEBIBYTE) * MEBIBYTE);
}

function checkSize(key: string, bytes: number, { sizeBytes = bytes }: PutOptions): void {
  if (bytes === sizeBytes) return;
  const problem = `${key} has ${String(bytes)} bytes and not ${String(sizeBytes)}: it changed while it was read`;
  throw new StorageError('ERR_STORAGE_CORRUPTED', problem);
}
