import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { createObjectStore, type ObjectStore } from 'express-runbook';

/** Where in which bucket. */
interface Place {
  readonly store: ObjectStore;
  /** Empty for the bucket itself. */
  readonly path: string;
}

export function isBucketUrl(text: string): boolean {
  return text.startsWith('s3://');
}

/** The place that s3://bucket/path names; keys and address are those that the AWS command line reads, too. */
export function placeOf(url: string, env: NodeJS.ProcessEnv): Place {
  const [, bucket, path = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(url) ?? [];
  if (bucket === undefined) throw new Error('say where to: s3://bucket or s3://bucket/folder');
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Error('the bucket needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment');
  const session = token === undefined || token === '' ? {} : { sessionToken: token };
  const credentials = { accessKeyId, secretAccessKey, ...session };
  const store = createObjectStore({ bucket, credentials, region: env.AWS_REGION, endpoint: env.AWS_ENDPOINT_URL });
  return { store, path };
}

/** Copies a file that is whole into the bucket, under its own name. Gives its key. */
export async function copyToBucket({ store, path }: Place, file: string): Promise<string> {
  const key = [path, basename(file)].filter((part) => part !== '').join('/');
  await store.put(key, createReadStream(file), { sizeBytes: (await stat(file)).size });
  return key;
}

/** The text of an object; all of it, or an error. */
export async function textFromBucket({ store, path }: Place): Promise<string> {
  const { body } = await store.get(path);
  return text(body);
}
