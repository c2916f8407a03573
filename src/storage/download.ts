import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pause, withAttempts } from './attempts.js';
import { openExchange } from './exchange.js';
import { lostError } from './failures.js';
import { bareEtag } from './object-head.js';
import type { ObjectStoreSettings } from './options.js';
import type { StorageCall } from './storage-call.js';
import { StorageError } from './storage-error.js';

export interface Download {
  readonly bytes: number;
  readonly etag: string;
  /** Ends when all of `bytes` have been read, and fails otherwise. Destroy it when the rest is not wanted. */
  readonly body: Readable;
}

/** The object as a stream; a connection that breaks is taken up again where it broke. */
export async function download(
  settings: ObjectStoreSettings,
  key: string,
  signal: AbortSignal | undefined,
): Promise<Download> {
  const call: StorageCall = { method: 'GET', key, signal };
  const first = await withAttempts(settings, signal, () => openExchange(settings, call));
  const bytes = Number(first.headers['content-length']);
  const { etag } = first.headers;
  return {
    bytes,
    etag: bareEtag(etag),
    body: Readable.from(wholeBody(settings, call, first, { bytes, etag }), { objectMode: false }),
  };
}

async function* wholeBody(
  settings: ObjectStoreSettings,
  call: StorageCall,
  first: IncomingMessage,
  { bytes, etag }: { bytes: number; etag: string | undefined },
): AsyncGenerator<Buffer> {
  let received = 0;
  let failures = 0;
  for (let response = first; ;) {
    try {
      for await (const chunk of response) {
        // No encoding was set, so chunks are buffers.
        received += (chunk as Buffer).length;
        failures = 0;
        yield chunk as Buffer;
      }
    } catch (error) {
      failures = await countedFailure(settings, call, error, failures);
      response = await withAttempts(settings, call.signal, () => openRest(settings, call, received, etag));
      continue;
    }
    // Node ends a body that came short of its length with an error, and reads no byte beyond it.
    if (received === bytes) return;
    throw new StorageError('ERR_STORAGE_CORRUPTED', `${String(call.key)} came without its length`);
  }
}

/** Waits before the next attempt, or throws when there is none. */
async function countedFailure(
  settings: ObjectStoreSettings,
  call: StorageCall,
  error: unknown,
  failures: number,
): Promise<number> {
  if (call.signal?.aborted === true || failures + 1 >= settings.attempts) throw lostError(settings, call, error);
  await pause(settings, failures + 1, call.signal);
  return failures + 1;
}

/** If-Match: when the object was written anew, the rest of the new one does not belong to what was read. */
async function openRest(
  settings: ObjectStoreSettings,
  call: StorageCall,
  received: number,
  etag: string | undefined,
): Promise<IncomingMessage> {
  const headers = { range: `bytes=${String(received)}-`, ...(etag === undefined ? {} : { 'if-match': etag }) };
  const response = await openExchange(settings, { ...call, headers });
  if (response.headers['content-range']?.startsWith(`bytes ${String(received)}-`) === true) return response;
  response.destroy();
  throw new StorageError('ERR_STORAGE_REFUSED', `the storage does not go on in the middle of ${String(call.key)}`);
}
