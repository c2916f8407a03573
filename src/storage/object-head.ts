import { withAttempts } from './attempts.js';
import { exchange } from './exchange.js';
import type { ObjectStoreSettings } from './options.js';
import { StorageError } from './storage-error.js';

export interface ObjectHead {
  readonly bytes: number;
  /** Without quotes. */
  readonly etag: string;
}

/** Size and ETag of an object; nothing when it is not there. */
export async function objectHead(
  settings: ObjectStoreSettings,
  key: string,
  signal: AbortSignal | undefined,
): Promise<ObjectHead | undefined> {
  try {
    const { headers } = await withAttempts(settings, signal, () => exchange(settings, { method: 'HEAD', key, signal }));
    return { bytes: Number(headers['content-length']), etag: bareEtag(headers.etag) };
  } catch (error) {
    if (error instanceof StorageError && error.code === 'ERR_STORAGE_NOT_FOUND') return undefined;
    throw error;
  }
}

export function bareEtag(etag: string | undefined): string {
  return (etag ?? '').replace(/^(?:W\/)?"|"$/g, '');
}
