import { open } from 'node:fs/promises';

const CHUNK_BYTES = 1 << 18;

/** The bytes of a file. Each chunk is overwritten by the next one, so that memory stays that of one. */
export async function* fileBytes(path: string, start: number): AsyncGenerator<Buffer> {
  const file = await open(path);
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  try {
    for (let position = start; ;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
