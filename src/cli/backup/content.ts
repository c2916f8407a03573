import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { BackupFormat } from '../../index.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';
import { meter } from './meter.js';
import type { Progress } from './progress.js';
import { TarLook } from './tar-look.js';

const HEAD_BYTES = 512;
const TAIL_BYTES = 1024;
/** What pg_dump writes last: without it a text is cut off, which psql does not notice. */
const END_MARKER = '-- PostgreSQL database dump complete';
const TEXT_BEGINS = /^(?:--\s*\n)?-- PostgreSQL database dump\b/;
/** Large objects in a text come with a COMMIT of their own. */
const LARGE_OBJECT = "\nSELECT pg_catalog.lo_open('";
/** `pg_dump --create` has psql go to a database of its own choice. */
const CONNECT = '\n\\connect ';

/** `pg_dump --format=directory` writes one file per table, which no checksum of a manifest holds together. */
const OF_PG_DUMP =
  'a folder that pg_dump wrote. pg_restore --single-transaction -d <database> restores it; backup create makes one file of a database';

/** What reading a backup from end to end has told. */
export interface ReadContent {
  readonly format: BackupFormat;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Of a text: whether it has large objects in it. */
  readonly hasLargeObjects: boolean;
}

/** Says by its first bytes what a backup is, whatever its name says. */
export async function formatOf(path: string): Promise<BackupFormat> {
  const found = await stat(path);
  if (found.isDirectory()) {
    const manifest = await stat(join(path, 'backup_manifest')).catch(() => undefined);
    if (manifest?.isFile() === true) return 'base';
    const contents = await stat(join(path, 'toc.dat')).catch(() => undefined);
    throw notBackup(path, contents?.isFile() === true ? OF_PG_DUMP : 'a folder without backup_manifest');
  }
  // Opening a FIFO waits for somebody who writes into it.
  if (!found.isFile()) throw notBackup(path, 'it is no file');
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const format = formatOfHead(buffer.subarray(0, bytesRead));
    if (format === undefined)
      throw notBackup(path, bytesRead === 0 ? 'it is empty' : 'its content is of no kind known');
    return format;
  } finally {
    await handle.close();
  }
}

function formatOfHead(head: Buffer): BackupFormat | undefined {
  if (head.subarray(0, 5).toString('latin1') === 'PGDMP') return 'custom';
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  // tar has its magic at 257 (POSIX ustar); pg_dump's begins with its table of contents.
  if (head.subarray(257, 262).toString('latin1') === 'ustar') {
    return head.subarray(0, 7).toString('latin1') === 'toc.dat' ? 'tar' : undefined;
  }
  return TEXT_BEGINS.test(head.toString('utf8')) ? 'plain' : undefined;
}

/** Reads a file from its first byte to its last. A text that is cut off, or a gzip that is broken, is refused. */
export async function readContent(path: string, format: BackupFormat, progress: Progress): Promise<ReadContent> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const counted = meter((chunk) => {
    hash.update(chunk);
    sizeBytes += chunk.length;
    progress.advance(chunk.length);
  });
  const [text, tar] = [new TextLook(), new TarLook()];
  const isText = format === 'plain' || format === 'gzip';
  const sink = isText ? text : format === 'tar' ? tar : new Writable({ write: (_chunk, _encoding, done) => done() });
  const unpack = format === 'gzip' ? [createGunzip()] : [];
  try {
    await pipeline([createReadStream(path), counted, ...unpack, sink]);
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    throw code.startsWith('Z_') ? damaged(path, `gzip says ${(error as Error).message}`) : error;
  } finally {
    progress.end();
  }
  if (isText && !TEXT_BEGINS.test(text.head.toString())) throw notBackup(path, 'there is no dump of pg_dump in it');
  if (isText && !text.tail.toString('latin1').includes(END_MARKER)) throw damaged(path, 'its end is missing');
  if (format === 'tar' && !tar.isWhole) throw damaged(path, 'its end is missing');
  if (text.hasConnect) throw notBackup(path, 'made by pg_dump --create, it would restore into a database of its own');
  const { hasLargeObjects } = text;
  return { format, sizeBytes, sha256: hash.digest('hex'), hasLargeObjects };
}

/** Keeps both ends of a text, and looks for large objects in between. */
class TextLook extends Writable {
  head = Buffer.alloc(0);
  tail = Buffer.alloc(0);
  hasLargeObjects = false;
  hasConnect = false;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.head.length < HEAD_BYTES) this.head = Buffer.concat([this.head, chunk]).subarray(0, HEAD_BYTES);
    const withBefore = Buffer.concat([this.tail, chunk]);
    this.hasLargeObjects ||= withBefore.includes(LARGE_OBJECT);
    this.hasConnect ||= withBefore.includes(CONNECT);
    this.tail = Buffer.from(withBefore.subarray(-TAIL_BYTES));
    done();
  }
}

function notBackup(path: string, why: string): CommandError {
  return new CommandError(visible(`${path} is no backup: ${why}`), EXIT.failed);
}

export function damaged(path: string, why: string): CommandError {
  return new CommandError(
    visible(`${path} is damaged: ${why}. Nothing was changed; take an older backup`),
    EXIT.failed,
  );
}
