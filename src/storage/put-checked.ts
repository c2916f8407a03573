import { createHash } from 'node:crypto';
import { withAttempts } from './attempts.js';
import { exchange, type Answer } from './exchange.js';
import { bareEtag } from './object-head.js';
import type { ObjectStoreSettings } from './options.js';
import type { StorageCall } from './storage-call.js';
import { StorageError } from './storage-error.js';

/** Retries one request, and compares the storage's checksum of what it got with our own. */
export async function putChecked(
  settings: ObjectStoreSettings,
  call: StorageCall & { readonly key: string; readonly body: Buffer },
): Promise<string> {
  const md5 = createHash('md5').update(call.body).digest();
  const headers = { ...call.headers, 'content-md5': md5.toString('base64') };
  return withAttempts(settings, call.signal, async () => {
    const { headers: answer } = await exchange(settings, { ...call, headers });
    const etag = bareEtag(answer.etag);
    if (etag === '' || (isPlainMd5(etag, answer) && etag !== md5.toString('hex'))) {
      // As what a network did to it: the next attempt may arrive whole.
      throw new StorageError('ERR_STORAGE_UNAVAILABLE', `${call.key} arrived as something else`, { reason: 'ETag' });
    }
    return etag;
  });
}

/** Of what is encrypted with a key of its own, the ETag is no MD5 (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html). */
function isPlainMd5(etag: string, headers: Answer['headers']): boolean {
  const encryption = headers['x-amz-server-side-encryption'];
  const isOwnKey = headers['x-amz-server-side-encryption-customer-algorithm'] !== undefined;
  return /^[0-9a-f]{32}$/.test(etag) && !isOwnKey && (encryption === undefined || encryption === 'AES256');
}
