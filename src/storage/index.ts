export { createObjectStore, type ObjectStore, type ObjectStoreCall } from './object-store.js';
export {
  OBJECT_STORE_DEFAULTS,
  type ObjectStoreOptions,
  type StorageAddressing,
  type StorageCredentials,
} from './options.js';
export { StorageError, type StorageErrorCode, type StorageErrorDetails } from './storage-error.js';
export type { Download } from './download.js';
export type { ListedObject } from './listing.js';
export type { ObjectHead } from './object-head.js';
export type { PutOptions, StoredObject } from './upload.js';
