import { open } from 'node:fs/promises';
import { Readable, pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';

const CHUNK_BYTES = 1 << 18;

/** The bytes of a log, unpacked when they are those of gzip; the name of the file is not asked. */
export async function* unpacked(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = input[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const all = prepended(first.value, chunks);
  yield* isGzip(first.value) ? gunzipped(all) : all;
}

/** Whether a file is packed: where a line of it begins is known only from its beginning. */
export async function isPacked(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return isGzip(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function* prepended(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Of a file that ends too early, which is one that is still being packed, what can be read. */
async function* gunzipped(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  // An error destroys the last of them, whose reader is told.
  pipeline(Readable.from(kept(packed)), gunzip, () => undefined);
  for await (const chunk of gunzip) yield chunk as Buffer;
}

/** Streams read ahead, and a chunk may be overwritten by the next. */
async function* kept(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}
