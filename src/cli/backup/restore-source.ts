import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { CommandError, EXIT } from '../exit-codes.js';
import { archiveTool, isArchive } from './archive-tool.js';
import { damaged, type ReadContent } from './content.js';
import { meter } from './meter.js';
import { startTool, type ToolCall } from './run-tool.js';

/** A dump that was read from end to end. */
export interface BackupFile {
  readonly path: string;
  /** What that reading has told. */
  readonly content: ReadContent;
  /** Whether everything shall belong to whoever restores, on a server without the roles of the dump. */
  readonly noOwner?: boolean | undefined;
}

/** What psql is to carry out of a backup, without BEGIN and COMMIT around it. */
export interface RestoreSource {
  /** Throws at its end when there should have been more, or other things. */
  script(): AsyncGenerator<Buffer>;
  stop(): void;
}

export async function sourceOf(file: BackupFile, call: ToolCall): Promise<RestoreSource> {
  return isArchive(file.content.format) ? archiveSource(file, call) : textSource(file);
}

const COMMIT = '\nCOMMIT;\n';
/** What pg_restore writes after its COMMIT is shorter. */
const TAIL_BYTES = 1024;

/** pg_restore, told to make one transaction: otherwise it puts large objects into others. Its COMMIT is left out. */
async function archiveSource({ path, content, noOwner }: BackupFile, call: ToolCall): Promise<RestoreSource> {
  const tool = await archiveTool(path, content.format, call.terminal);
  const args = ['--single-transaction', '--exit-on-error', '--file=-'];
  if (noOwner === true) args.push('--no-owner', '--no-privileges');
  const running = startTool(tool, [...args, path], call);
  return {
    async *script() {
      let held = Buffer.alloc(0);
      for await (const chunk of running.stdout as AsyncIterable<Buffer>) {
        const all = Buffer.concat([held, chunk]);
        held = Buffer.from(all.subarray(-TAIL_BYTES));
        yield all.subarray(0, all.length - held.length);
      }
      await running.ended;
      const at = held.lastIndexOf(COMMIT);
      if (at === -1) throw new CommandError('pg_restore wrote no COMMIT: this version is not known', EXIT.failed);
      yield Buffer.concat([held.subarray(0, at + 1), held.subarray(at + COMMIT.length)]);
    },
    stop: () => running.kill(),
  };
}

function textSource({ path, content }: BackupFile): RestoreSource {
  const hash = createHash('sha256');
  const raw = createReadStream(path);
  const counted = raw.pipe(meter((chunk) => void hash.update(chunk)));
  const text = content.format === 'gzip' ? counted.pipe(createGunzip()) : counted;
  for (const part of [raw, counted]) part.on('error', (error: Error) => text.destroy(error));
  return {
    async *script() {
      for await (const chunk of text) yield chunk as Buffer;
      if (hash.digest('hex') !== content.sha256) throw damaged(path, 'it was changed while it was restored');
    },
    stop: () => {
      raw.destroy();
      text.destroy();
    },
  };
}
