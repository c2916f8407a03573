import { createHash } from 'node:crypto';
import { withAttempts } from './attempts.js';
import { exchange } from './exchange.js';
import { answeredError } from './failures.js';
import { objectHead } from './object-head.js';
import type { ObjectStoreSettings } from './options.js';
import { putChecked } from './put-checked.js';
import type { StorageCall } from './storage-call.js';
import { StorageError } from './storage-error.js';
import { elementText, escaped } from './xml.js';

export interface Multipart {
  add(part: Buffer): Promise<void>;
  /** Makes the object of its parts and gives its ETag, once the storage says that it has that many bytes. */
  complete(bytes: number): Promise<string>;
  /** Has the storage forget the parts, which would cost money for ever. Never throws. */
  abort(): Promise<void>;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export async function startMultipart(
  settings: ObjectStoreSettings,
  key: string,
  signal: AbortSignal | undefined,
): Promise<Multipart> {
  const ask = (call: Omit<StorageCall, 'key'>) =>
    withAttempts(settings, call.signal, () => exchangeChecked(settings, { ...call, key }));
  const { text } = await ask({ method: 'POST', query: { uploads: '' }, signal });
  const uploadId = elementText(text, 'UploadId');
  if (uploadId === undefined) throw new StorageError('ERR_STORAGE_REFUSED', 'the storage began no multipart upload');
  const etags: string[] = [];
  return {
    async add(part) {
      const query = { partNumber: String(etags.length + 1), uploadId };
      etags.push(await putChecked(settings, { method: 'PUT', key, query, body: part, signal }));
    },
    async complete(bytes) {
      const body = Buffer.from(`<CompleteMultipartUpload>${etags.map(partElement).join('')}</CompleteMultipartUpload>`);
      try {
        await ask({ method: 'POST', query: { uploadId }, body, signal });
      } catch (error) {
        // An attempt whose answer was lost may have done it, and the next one finds no upload any more.
        if (!(error instanceof StorageError && error.reason === 'NoSuchUpload')) throw error;
        if ((await objectHead(settings, key, signal))?.etag !== etagOfParts(etags)) throw error;
      }
      return checkedEtag(settings, key, bytes, signal);
    },
    async abort() {
      try {
        // Without the signal, which may be why it is aborted.
        await ask({ method: 'DELETE', query: { uploadId } });
      } catch {
        // The error that led here is what is told. A lifecycle rule of the bucket is the net for a storage that is away.
      }
    },
  };
}

/** The one request whose answer may be 200 and an error (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html). */
async function exchangeChecked(settings: ObjectStoreSettings, call: StorageCall) {
  const answer = await exchange(settings, call);
  if (answer.text.includes('<Error>')) {
    const status = elementText(answer.text, 'Code') === 'NoSuchUpload' ? 404 : 500;
    throw answeredError(settings, call, { statusCode: status, headers: {} }, answer.text);
  }
  return answer;
}

async function checkedEtag(
  settings: ObjectStoreSettings,
  key: string,
  bytes: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const head = await objectHead(settings, key, signal);
  if (head?.bytes === bytes) return head.etag;
  const found = head === undefined ? 'it is not there' : `it has ${String(head.bytes)} bytes`;
  throw new StorageError('ERR_STORAGE_CORRUPTED', `${key} was uploaded with ${String(bytes)} bytes, and ${found}`);
}

function partElement(etag: string, at: number): string {
  return `<Part><PartNumber>${String(at + 1)}</PartNumber><ETag>&quot;${escaped(etag)}&quot;</ETag></Part>`;
}

/** As S3 makes it: the MD5 of the parts' MD5s, and how many there are. */
function etagOfParts(etags: readonly string[]): string {
  const md5 = createHash('md5')
    .update(Buffer.from(etags.join(''), 'hex'))
    .digest('hex');
  return `${md5}-${String(etags.length)}`;
}
