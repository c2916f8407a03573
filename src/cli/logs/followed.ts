import { open, stat, type FileHandle } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

const CHUNK_BYTES = 1 << 16;
const LOOK_AGAIN_MS = 200;
/** A process that was killed may have left half a line, to which nothing of the next file belongs. */
const LINE_END = Buffer.from('\n');

/** The bytes of a file and all that is appended, until the signal ends it. Goes on in the new file after a rotation. */
export async function* followed(path: string, from: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  let file = await open(path);
  let position = from;
  let endsWhole = true;
  try {
    while (!signal.aborted) {
      const chunk = await read(file, position);
      if (chunk.length > 0) {
        position += chunk.length;
        endsWhole = endsLine(chunk);
        yield chunk;
        continue;
      }
      const { size, ino } = await file.stat();
      const next = await successor(path, ino);
      if (next !== undefined) {
        // The service wrote to the old one until it opened the new one.
        const rest = await read(file, position);
        position += rest.length;
        if (rest.length > 0) {
          endsWhole = endsLine(rest);
          yield rest;
          await next.close();
          continue;
        }
        await file.close();
        [file, position] = [next, 0];
        if (!endsWhole) yield LINE_END;
        endsWhole = true;
      } else if (size < position) {
        position = 0;
        if (!endsWhole) yield LINE_END;
        endsWhole = true;
      } else await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await file.close();
  }
}

/** The file that has taken the place, once something was written to it. */
async function successor(path: string, ino: number): Promise<FileHandle | undefined> {
  // Between the rename and the new file there is none.
  const there = await stat(path).catch(() => undefined);
  if (there === undefined || there.ino === ino || there.size === 0) return undefined;
  return open(path);
}

async function read(file: FileHandle, position: number): Promise<Buffer> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, position);
  return chunk.subarray(0, bytesRead);
}

function endsLine(chunk: Buffer): boolean {
  return chunk.at(-1) === LINE_END[0];
}
