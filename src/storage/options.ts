import { isInteger, isObject, isOneOf, isText, isTimeMs } from '../core/checks.js';
import { requireOption, resolveOptions, type OptionCheck, type Resolved } from '../core/options.js';

export interface StorageCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

/** `path`: `https://host/bucket/key`, `virtual-host`: `https://bucket.host/key`. */
export type StorageAddressing = 'path' | 'virtual-host';

export interface ObjectStoreOptions {
  /** Name of the bucket, which must exist. Required. */
  bucket?: string;
  /** Who signs; never part of an error or a log line. Required. */
  credentials?: StorageCredentials;
  /**
   * Region that requests are signed for. Storage that is not of AWS mostly takes the default.
   * @default 'us-east-1'
   */
  region?: string;
  /**
   * URL of a storage that speaks the protocol of S3, e.g. `https://minio.internal:9000`; it may have a path.
   * @default `https://s3.<region>.amazonaws.com`
   */
  endpoint?: string;
  /**
   * Where the bucket stands in the address.
   * @default `path` with an `endpoint` or a dot in the bucket's name, which no certificate fits; otherwise `virtual-host`
   */
  addressing?: StorageAddressing;
  /**
   * Bytes that are uploaded at once, and the memory that an upload takes; S3 wants at least 5 MiB. An upload whose size is
   * said beforehand takes larger ones when 10 000 of them, the most there may be, were not enough.
   * @default 8388608
   */
  partBytes?: number;
  /**
   * How often one request is tried when the storage is away, overloaded (5xx, 429) or does not answer in time.
   * @default 5
   */
  attempts?: number;
  /**
   * Milliseconds before the second attempt; each further one waits twice as long, at most 20 s, and each a random share of it.
   * @default 500
   */
  retryDelayMs?: number;
  /**
   * Milliseconds that one attempt may take; of a download: without a byte.
   * @default 60000
   */
  timeoutMs?: number;
}

const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PART_BYTES = 1024 * 1024 * 1024;

export const OBJECT_STORE_DEFAULTS = Object.freeze({
  region: 'us-east-1',
  partBytes: 8_388_608,
  attempts: 5,
  retryDelayMs: 500,
  timeoutMs: 60_000,
});

export type ObjectStoreSettings = Omit<
  Resolved<ObjectStoreOptions, typeof OBJECT_STORE_DEFAULTS>,
  'bucket' | 'credentials' | 'endpoint' | 'addressing'
> & {
  readonly bucket: string;
  readonly credentials: StorageCredentials;
  readonly endpoint: URL;
  readonly addressing: StorageAddressing;
};

const SCOPE = 'objectStore';
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; older and other stores allow A-Z and _. */
const isBucket: OptionCheck = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$/.test(value) && !value.includes('..')
    ? undefined
    : 'must be a name of 3 to 63 letters, digits, dots and hyphens';

const isRegion: OptionCheck = (value) =>
  typeof value === 'string' && /^[a-z0-9-]{1,64}$/i.test(value) ? undefined : 'must be a name such as eu-central-1';

/** Credentials in it would be sent in the clear, and shown in errors. */
const isEndpoint: OptionCheck = (value) => {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const isUsable = url !== undefined && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  return isUsable && url.username === '' && url.password === ''
    ? undefined
    : 'must be an http or https URL without credentials, query and fragment';
};

const isCredentials: OptionCheck = (value) => {
  const { accessKeyId, secretAccessKey, sessionToken } = (value ?? {}) as Partial<StorageCredentials>;
  const isWrong = [isObject(value), isText(accessKeyId), isText(secretAccessKey)].some((said) => said !== undefined);
  return isWrong || (sessionToken !== undefined && isText(sessionToken) !== undefined)
    ? 'must have accessKeyId and secretAccessKey, and may have sessionToken'
    : undefined;
};

export function resolveObjectStoreOptions(options?: ObjectStoreOptions): ObjectStoreSettings {
  const { bucket, credentials, endpoint, addressing, ...settings } = resolveOptions(
    SCOPE,
    options,
    OBJECT_STORE_DEFAULTS,
    {
      bucket: isBucket,
      credentials: isCredentials,
      region: isRegion,
      endpoint: isEndpoint,
      addressing: isOneOf(['path', 'virtual-host']),
      partBytes: isInteger(MIN_PART_BYTES, MAX_PART_BYTES),
      attempts: isInteger(1, 20),
      retryDelayMs: isTimeMs(0),
      timeoutMs: isTimeMs(1),
    },
  );
  requireOption(SCOPE, 'bucket', bucket, 'the name of the bucket');
  requireOption(SCOPE, 'credentials', credentials, 'the keys, from the environment');
  if (bucket === undefined || credentials === undefined) throw new Error('unreachable');
  const isOwn = endpoint !== undefined || bucket.includes('.');
  return {
    ...settings,
    bucket,
    credentials,
    endpoint: new URL(endpoint ?? `https://s3.${settings.region}.amazonaws.com`),
    addressing: addressing ?? (isOwn ? 'path' : 'virtual-host'),
  };
}
