import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ForbiddenError, ValidationError } from 'express-runbook';
import { isUploadName, partialNameOf } from './upload-names.js';
import { createUploadPlaces } from './upload-places.js';
import { whenMissing } from './when-missing.js';

interface Upload {
  readonly name: string;
  readonly bytes: number;
  readonly createdAt: Date;
}

export interface UploadFolder {
  list(userId: string): Promise<Upload[]>;
  /** Where the file of this name is; nothing when there is none. */
  find(userId: string, name: string): Promise<string | undefined>;
  /** Keeps what the stream has, under a name of its own, which it has only when it is whole and on disk. */
  keep(userId: string, extension: string, content: Readable): Promise<Upload>;
  /** False when there was nothing to remove. */
  remove(userId: string, name: string): Promise<boolean>;
}

/** Files of users, in a folder for each: no part of a path is a client's text. */
export function createUploadFolder(dir: string): UploadFolder {
  const places = createUploadPlaces();

  async function list(userId: string): Promise<Upload[]> {
    const folder = folderOf(dir, userId);
    const names = (await readdir(folder).catch(whenMissing<string[]>([]))).filter(isUploadName);
    const uploads = await Promise.all(names.map((name) => uploadAt(folder, name)));
    return uploads.filter((one) => one !== undefined).sort((one, other) => +one.createdAt - +other.createdAt);
  }

  return {
    list,
    async find(userId, name) {
      const folder = folderOf(dir, userId);
      return (await uploadAt(folder, name)) === undefined ? undefined : join(folder, name);
    },
    async keep(userId, extension, content) {
      const folder = folderOf(dir, userId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${randomUUID()}.${extension}`;
      const partial = join(folder, partialNameOf(name));
      const file = await places.take(folder, partialNameOf(name));
      try {
        const bytes = await written(content, file);
        if (bytes === 0) throw new ValidationError('The file is empty');
        await rename(partial, join(folder, name));
        return { name, bytes, createdAt: new Date() };
      } finally {
        await rm(partial, { force: true });
      }
    },
    async remove(userId, name) {
      const path = join(folderOf(dir, userId), name);
      return rm(path).then(() => true, whenMissing(false));
    },
  };
}

/** Not by `pipeline()`: on an error it would close the connection, and with it the way of the answer. Closes the file in any case. */
async function written(content: Readable, handle: FileHandle): Promise<number> {
  // The client may have gone while others were asked; `close` does not come again.
  if (content.destroyed && !content.readableEnded) {
    await handle.close();
    throw new ValidationError('The file broke off');
  }
  const file = handle.createWriteStream({ flush: true });
  try {
    await new Promise<void>((resolve, reject) => {
      content.on('error', reject);
      content.on('close', () => {
        if (!content.readableEnded) reject(new ValidationError('The file broke off'));
      });
      file.on('error', reject);
      // Not `finish`, which comes before what was written is flushed to the disk.
      file.on('close', resolve);
      content.pipe(file);
    });
    return file.bytesWritten;
  } catch (error) {
    content.unpipe(file);
    // What is still on its way is dropped, so that the answer is read.
    content.resume();
    file.destroy();
    throw error;
  }
}

function folderOf(dir: string, userId: string): string {
  if (!/^\d{1,19}$/.test(userId)) throw new ForbiddenError();
  return join(dir, userId);
}

async function uploadAt(folder: string, name: string): Promise<Upload | undefined> {
  const found = await stat(join(folder, name)).catch(whenMissing(undefined));
  return found && { name, bytes: found.size, createdAt: found.mtime };
}
