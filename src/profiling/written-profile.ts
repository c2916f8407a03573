import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';

/** Writes the content to a file of its own and says which. It has its name only once it is whole. */
export async function writtenProfile(dir: string, extension: string, content: Readable): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const file = resolve(join(dir, `${time}-${process.pid}.${extension}`));
  const unfinished = `${file}.partial`;
  try {
    await pipeline(content, createWriteStream(unfinished, { mode: 0o600, flags: 'wx' }));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return file;
}
