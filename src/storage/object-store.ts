import { withAttempts } from './attempts.js';
import { download, type Download } from './download.js';
import { exchange } from './exchange.js';
import { listing, type ListedObject } from './listing.js';
import { objectHead, type ObjectHead } from './object-head.js';
import { resolveObjectStoreOptions, type ObjectStoreOptions } from './options.js';
import { StorageError } from './storage-error.js';
import { upload, type PutOptions, type StoredObject } from './upload.js';

export interface ObjectStoreCall {
  readonly signal?: AbortSignal;
}

/** One bucket of a storage that speaks the protocol of S3. Everything but what its options bound is streamed. */
export interface ObjectStore {
  /**
   * Stores what the stream gives, in one request or as a multipart upload, with the memory of one part. A failed upload
   * leaves no object and no parts. What was there under this key is replaced once all has arrived.
   */
  put(
    key: string,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options?: PutOptions,
  ): Promise<StoredObject>;
  /** Rejects with `ERR_STORAGE_NOT_FOUND` when there is no such object. */
  get(key: string, call?: ObjectStoreCall): Promise<Download>;
  /** Size and ETag; nothing when there is no such object. */
  head(key: string, call?: ObjectStoreCall): Promise<ObjectHead | undefined>;
  list(prefix?: string, call?: ObjectStoreCall): AsyncIterable<ListedObject>;
  /** Also resolves when there is no such object. */
  remove(key: string, call?: ObjectStoreCall): Promise<void>;
}

const MAX_KEY_BYTES = 1024;

/**
 * A small client for storage that speaks the protocol of S3 (AWS, MinIO, Ceph, R2 …): signed requests with checksums
 * (Signature Version 4), deadlines, and retries of what may pass. Holds no connection and no timer between calls.
 *
 * Throws `ConfigError` for wrong options; every method rejects with `StorageError`.
 *
 * @example
 * const store = createObjectStore({ bucket: 'codebook-backups', credentials, region: 'eu-central-1' });
 * await store.put('db/backup.dump', createReadStream('backup.dump'));
 */
export function createObjectStore(options: ObjectStoreOptions): ObjectStore {
  const settings = resolveObjectStoreOptions(options);
  return {
    put: async (key, source, putOptions = {}) => upload(settings, checked(key), source, putOptions),
    get: async (key, { signal } = {}) => download(settings, checked(key), signal),
    head: async (key, { signal } = {}) => objectHead(settings, checked(key), signal),
    list: (prefix = '', { signal } = {}) => listing(settings, prefix, signal),
    async remove(key, { signal } = {}) {
      const call = { method: 'DELETE' as const, key: checked(key), signal };
      try {
        await withAttempts(settings, signal, () => exchange(settings, call));
      } catch (error) {
        const isGone = error instanceof StorageError && error.status === 404 && error.reason !== 'NoSuchBucket';
        if (!isGone) throw error;
      }
    },
  };
}

/** What lies between may shorten `a/../b`, and sign something else than it asks for. */
function checked(key: string): string {
  // eslint-disable-next-line no-control-regex -- those are what must not get in
  const isPlain = !/[\u0000-\u001f\u007f]/.test(key) && !/(^|\/)\.{0,2}(\/|$)/.test(key.replace(/\/$/, ''));
  if (key !== '' && isPlain && Buffer.byteLength(key) <= MAX_KEY_BYTES) return key;
  const problem =
    'a key must have 1 to 1024 bytes, none of them a control character, and no empty, . or .. between slashes';
  throw new StorageError('ERR_STORAGE_REFUSED', problem);
}
