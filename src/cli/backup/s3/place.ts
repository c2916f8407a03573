import type { Command } from 'commander';
import { createObjectStore, type ObjectStore, type StorageAddressing } from '../../../index.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { oneOf, said } from '../../option-values.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

export interface StorageOptions {
  readonly s3Endpoint?: string;
  readonly s3Region?: string;
  readonly s3Addressing?: StorageAddressing;
}

export interface StorageCall {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly options: StorageOptions;
}

/** A folder in a bucket. */
export interface Place {
  readonly store: ObjectStore;
  /** What the keys in it begin with: empty, or with a slash at its end. */
  readonly prefix: string;
  /** The URL of what lies there under this name. */
  readonly urlOf: (name: string) => string;
}

const ADDRESSINGS = ['path', 'virtual-host'];

/** Adds the options that say how to reach a storage. Keys are no options: arguments can be read by everybody on the machine. */
export function withStorage(command: Command): Command {
  return command
    .option(
      '--s3-endpoint <url>',
      'storage that is not of AWS (default: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL)',
      said,
    )
    .option('--s3-region <name>', 'region of the bucket (default: AWS_REGION or AWS_DEFAULT_REGION)', said)
    .option('--s3-addressing <way>', `where the bucket stands: ${ADDRESSINGS.join(', ')}`, oneOf(ADDRESSINGS))
    .addHelpText(
      'after',
      '\nThe keys of the storage are AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.',
    );
}

export function isStorageUrl(text: string): boolean {
  return text.startsWith('s3://');
}

/** The place that s3://bucket/prefix names. */
export function placeOf(url: string, { terminal: { env }, options }: StorageCall): Place {
  const [, bucket, path = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(url) ?? [];
  if (bucket === undefined) throw new CommandError(`${JSON.stringify(url)} must be s3://bucket or s3://bucket/prefix`);
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  // A blank variable is one that is not set.
  const variable = (...names: string[]): string | undefined =>
    names.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== '');
  const [accessKeyId, secretAccessKey] = [variable('AWS_ACCESS_KEY_ID'), variable('AWS_SECRET_ACCESS_KEY')];
  const sessionToken = variable('AWS_SESSION_TOKEN');
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CommandError('the storage needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment');
  }
  const store = inUserWords(() =>
    createObjectStore({
      bucket,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
      region: options.s3Region ?? variable('AWS_REGION', 'AWS_DEFAULT_REGION'),
      endpoint: options.s3Endpoint ?? variable('AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'),
      addressing: options.s3Addressing,
    }),
  );
  return { store, prefix, urlOf: (name) => `s3://${bucket}/${prefix}${name}` };
}

/** What the storage says becomes a message for people; anything else stays what it is. */
export function storageError(error: unknown, before = ''): unknown {
  const isOurs = error instanceof Error && error.name === 'StorageError';
  return isOurs ? new CommandError(visible(`${before}${error.message}`), EXIT.failed) : error;
}

function inUserWords(make: () => ObjectStore): ObjectStore {
  try {
    return make();
  } catch (error) {
    throw error instanceof Error && error.name === 'ConfigError' ? new CommandError(visible(error.message)) : error;
  }
}
