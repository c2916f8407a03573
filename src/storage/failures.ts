import type { IncomingMessage } from 'node:http';
import type { ObjectStoreSettings } from './options.js';
import type { StorageCall } from './storage-call.js';
import { StorageError, type StorageErrorCode } from './storage-error.js';
import { elementText } from './xml.js';

const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504]);
/** Told with a status that says otherwise. */
const PASSING_REASONS = new Set([
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
]);
const HINTS: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket',
  RequestTimeTooSkewed: 'the clock of this machine is wrong by more than 15 minutes',
  SignatureDoesNotMatch: 'the secret key, the region or the endpoint is wrong',
  InvalidAccessKeyId: 'the storage does not know this access key',
  EntityTooLarge: 'it is larger than the storage takes',
};

/** What an answer that is no success means. Of its body only the storage's code gets out: the rest may hold what was signed. */
export function answeredError(
  settings: ObjectStoreSettings,
  call: StorageCall,
  { statusCode: status = 0, headers }: Pick<IncomingMessage, 'statusCode' | 'headers'>,
  text: string,
): StorageError {
  const said = elementText(text, 'Code');
  const reason = said !== undefined && /^[A-Za-z0-9.]{1,64}$/.test(said) ? said : undefined;
  const region = headers['x-amz-bucket-region'] ?? elementText(text, 'Region');
  const hint = isElsewhere(region, settings) ? `the bucket is in the region ${region}` : HINTS[reason ?? ''];
  const told = [`${String(status)}${reason === undefined ? '' : ` ${reason}`}`, ...(hint === undefined ? [] : [hint])];
  return new StorageError(codeOf(status, reason), `${attempted(settings, call)}: ${told.join(', ')}`, {
    status,
    reason,
  });
}

/** What broke a connection. Ours stay as they are, and so does what an aborted signal says. */
export function lostError(settings: ObjectStoreSettings, call: StorageCall, error: unknown): unknown {
  if (error instanceof StorageError) return error;
  if (call.signal?.aborted === true) return call.signal.reason;
  const { code, message } = error as NodeJS.ErrnoException;
  const problem = `${attempted(settings, call)} at ${settings.endpoint.origin}: ${code ?? message}`;
  return new StorageError('ERR_STORAGE_UNAVAILABLE', problem, { cause: error });
}

/** Whether the same request may succeed a moment later. */
export function isPassing(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'ERR_STORAGE_UNAVAILABLE' && !isCertificateError(error.cause);
}

function codeOf(status: number, reason = ''): StorageErrorCode {
  if (PASSING_STATUS.has(status) || PASSING_REASONS.has(reason)) return 'ERR_STORAGE_UNAVAILABLE';
  // The storage computed another checksum of what it got: under way, not here, something was changed.
  if (reason === 'BadDigest' || reason === 'XAmzContentSHA256Mismatch') return 'ERR_STORAGE_UNAVAILABLE';
  if (status === 401 || status === 403) return 'ERR_STORAGE_DENIED';
  return status === 404 ? 'ERR_STORAGE_NOT_FOUND' : 'ERR_STORAGE_REFUSED';
}

function isElsewhere(region: unknown, settings: ObjectStoreSettings): region is string {
  return typeof region === 'string' && /^[a-z0-9-]{1,64}$/.test(region) && region !== settings.region;
}

/** A wrong certificate is as wrong a second later. */
function isCertificateError(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  return /^(ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(code);
}

function attempted({ bucket }: ObjectStoreSettings, { method, key, query = {} }: StorageCall): string {
  const what = Object.keys(query).filter((name) => name === 'uploads' || name === 'uploadId' || name === 'partNumber');
  const suffix =
    what.length === 0 ? '' : ` (${query.partNumber === undefined ? 'multipart' : `part ${query.partNumber}`})`;
  return `${method} s3://${bucket}${key === undefined ? '' : `/${key}`}${suffix}`;
}
