import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CommandError, EXIT } from '../exit-codes.js';
import { damaged, type ReadContent } from './content.js';
import { meter } from './meter.js';
import { progress } from './progress.js';
import { startTool, type RunningTool, type ToolCall } from './run-tool.js';
import { findTool, type Tool } from './tools.js';

export interface Restore {
  readonly path: string;
  /** What reading it from end to end has told. */
  readonly content: ReadContent;
  readonly database: string;
  readonly serverMajor: number;
  /** Run first, in the same transaction. */
  readonly emptying?: string | undefined;
  /** Whether everything shall belong to whoever restores, on a server without the roles of the dump. */
  readonly noOwner?: boolean | undefined;
}

const PSQL = ['--no-psqlrc', '--quiet', '--no-password', '--set=ON_ERROR_STOP=1', '--output=/dev/null', '--file=-'];

/**
 * Restores a dump in one transaction: psql gets its COMMIT only after the last byte, and only when all before it was as it
 * was when it was checked. Whatever ends it earlier, a kill of this process included, leaves the database as it was.
 */
export async function restoreInto(restore: Restore, call: ToolCall): Promise<void> {
  const { content, database, serverMajor, emptying = '' } = restore;
  if (content.hasLargeObjects && emptying !== '') throw hasCommits();
  const psql = await findTool('psql', { env: call.terminal.env, atLeastMajor: serverMajor });
  const source = await sourceOf(restore, call);
  const bar = progress(call.terminal, `restoring into ${database}`, content.format === 'plain' ? content.sizeBytes : 0);
  const running = startTool(psql, PSQL, { ...call, database });
  running.stdout.resume();
  const counted = meter((chunk) => bar.advance(chunk.length));
  async function* script(): AsyncGenerator<string | Buffer> {
    const [open, close] = isOpen(content, psql) ? restriction() : ['', ''];
    yield `BEGIN;\n${emptying}${open}`;
    for await (const chunk of source.stream) yield chunk as Buffer;
    await source.isWhole();
    yield `${close}${source.hasCommit ? '' : 'COMMIT;\n'}`;
  }
  try {
    await fed(running, () => pipeline([Readable.from(script(), { objectMode: false }), counted, running.stdin]));
  } catch (error) {
    source.stop();
    throw error;
  } finally {
    bar.end();
  }
}

/** What psql says goes before the broken pipe that came of it. */
async function fed(psql: RunningTool, feed: () => Promise<void>): Promise<void> {
  try {
    await feed();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE' && !isPremature(error)) psql.kill();
    else await psql.ended;
    throw error;
  }
  await psql.ended;
}

function isPremature(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
}

interface Source {
  readonly stream: Readable;
  /** pg_restore writes BEGIN and COMMIT itself, the latter only after all else. */
  readonly hasCommit: boolean;
  /** Rejects when there should have been more, or other things. */
  isWhole(): Promise<void>;
  stop(): void;
}

async function sourceOf({ path, content, noOwner }: Restore, call: ToolCall): Promise<Source> {
  if (content.format === 'custom' || content.format === 'tar') {
    const tool = await findTool('pg_restore', { env: call.terminal.env, atLeastMajor: 1 });
    const args = ['--single-transaction', '--exit-on-error', '--file=-'];
    if (noOwner === true) args.push('--no-owner', '--no-privileges');
    const running = startTool(tool, [...args, path], call);
    return { stream: running.stdout, hasCommit: true, isWhole: () => running.ended, stop: () => running.kill() };
  }
  const hash = createHash('sha256');
  const raw = createReadStream(path);
  const counted = raw.pipe(meter((chunk) => void hash.update(chunk)));
  const stream = content.format === 'gzip' ? counted.pipe(createGunzip()) : counted;
  for (const part of [raw, counted]) part.on('error', (error: Error) => stream.destroy(error));
  return {
    stream,
    hasCommit: false,
    isWhole: () =>
      hash.digest('hex') === content.sha256
        ? Promise.resolve()
        : Promise.reject(damaged(path, 'it was changed while it was restored')),
    stop: () => {
      raw.destroy();
      stream.destroy();
    },
  };
}

/** A text of an old pg_dump may have psql run commands of the shell (CVE-2025-8714); a newer one protects itself. */
function isOpen({ format, isRestricted }: ReadContent, psql: Tool): boolean {
  const isText = format === 'plain' || format === 'gzip';
  return isText && !isRestricted && knowsRestrict(psql);
}

const RESTRICT_SINCE: Readonly<Record<number, number>> = { 13: 22, 14: 19, 15: 14, 16: 10, 17: 6 };

function knowsRestrict({ major, version }: Tool): boolean {
  return major > 17 || Number(version.split('.')[1]) >= (RESTRICT_SINCE[major] ?? Infinity);
}

function restriction(): [string, string] {
  const key = randomBytes(16).toString('hex');
  return [`\\restrict ${key}\n`, `\n\\unrestrict ${key}\n`];
}

function hasCommits(): CommandError {
  const cure = 'restore it into a new database: --into <name> --create';
  return new CommandError(
    `a plain dump with large objects cannot be restored in one transaction; ${cure}`,
    EXIT.failed,
  );
}
