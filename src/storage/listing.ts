import { withAttempts } from './attempts.js';
import { exchange } from './exchange.js';
import { bareEtag } from './object-head.js';
import type { ObjectStoreSettings } from './options.js';
import { StorageError } from './storage-error.js';
import { elements, elementText } from './xml.js';

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  readonly modifiedAt: Date;
}

/** Objects whose keys begin with this, in the order of their keys, page by page. */
export async function* listing(
  settings: ObjectStoreSettings,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListedObject> {
  let token: string | undefined;
  do {
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      prefix,
      ...(token === undefined ? {} : { 'continuation-token': token }),
    };
    const { text } = await withAttempts(settings, signal, () => exchange(settings, { method: 'GET', query, signal }));
    if (!text.includes('<ListBucketResult')) {
      throw new StorageError(
        'ERR_STORAGE_REFUSED',
        `${settings.endpoint.origin} answers with something else than a list`,
      );
    }
    // Not every storage knows the encoding; one that does says so.
    const isEncoded = elementText(text, 'EncodingType') === 'url';
    for (const element of elements(text, 'Contents')) yield listed(element, isEncoded);
    token = elementText(text, 'IsTruncated') === 'true' ? elementText(text, 'NextContinuationToken') : undefined;
  } while (token !== undefined);
}

function listed(element: string, isEncoded: boolean): ListedObject {
  const key = elementText(element, 'Key') ?? '';
  return {
    key: isEncoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key,
    bytes: Number(elementText(element, 'Size')),
    etag: bareEtag(elementText(element, 'ETag')),
    modifiedAt: new Date(elementText(element, 'LastModified') ?? ''),
  };
}
