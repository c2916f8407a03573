import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createObjectStore, type ObjectStore } from 'express-runbook';

/** Where a backup goes: it has its name only when it is whole. Gives where it is. */
export interface BackupPlace {
  keep(name: string, text: AsyncIterable<string>): Promise<string>;
}

/** A folder, or `s3://bucket/prefix`. */
export function placeOf(where: string): BackupPlace {
  const at = bucketIn(where);
  if (at === undefined) return { keep: (name, text) => keepFile(where, name, text) };
  return {
    async keep(name, text) {
      const key = at.path === '' ? name : `${at.path.replace(/\/$/, '')}/${name}`;
      // A storage makes an object of what has arrived wholly, and of nothing else.
      await at.store.put(key, bytesOf(text));
      return `s3://${at.bucket}/${key}`;
    },
  };
}

/** What is in a file, or in the object `s3://bucket/key`. */
export async function contentOf(where: string): Promise<AsyncIterable<Buffer>> {
  const at = bucketIn(where);
  return at === undefined ? createReadStream(where) : (await at.store.get(at.path)).body;
}

async function keepFile(dir: string, name: string, text: AsyncIterable<string>): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, name);
  const partial = `${file}.partial-${String(process.pid)}`;
  try {
    await pipeline(Readable.from(text), createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }));
    await rename(partial, file);
    return file;
  } finally {
    await rm(partial, { force: true });
  }
}

async function* bytesOf(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const piece of text) yield Buffer.from(piece);
}

/** The bucket that a URL names, by the variables that the tools of S3 have in common. */
function bucketIn(where: string): { bucket: string; path: string; store: ObjectStore } | undefined {
  const [, bucket, path = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(where) ?? [];
  if (bucket === undefined) return undefined;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = process.env;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Error('the storage needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment');
  }
  const sessionToken = AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN };
  const store = createObjectStore({
    bucket,
    credentials: { accessKeyId, secretAccessKey, ...sessionToken },
    region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION,
    endpoint: process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL,
  });
  return { bucket, path, store };
}
