import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandError, EXIT } from '../exit-codes.js';
import type { ReadContent } from './content.js';
import { withKnownSettings } from './known-settings.js';
import { withoutOwnRestriction } from './own-restriction.js';
import { meter } from './meter.js';
import { progress } from './progress.js';
import { sourceOf, type BackupFile, type RestoreSource } from './restore-source.js';
import { startTool, type RunningTool, type ToolCall } from './run-tool.js';
import { findTool, type Tool } from './tools.js';

export interface Restore extends BackupFile {
  readonly database: string;
  readonly serverMajor: number;
  /** Run first, in the same transaction. */
  readonly emptying?: string | undefined;
}

const PSQL = ['--no-psqlrc', '--quiet', '--no-password', '--set=ON_ERROR_STOP=1', '--output=/dev/null', '--file=-'];

/**
 * Restores a dump in one transaction: psql gets its COMMIT only after it has carried out all before it, and only when that was
 * as it was when it was checked. Whatever ends it earlier, a kill of this process included, leaves the database as it was.
 */
export async function restoreInto(restore: Restore, call: ToolCall): Promise<void> {
  const { content, database, serverMajor } = restore;
  if (content.hasLargeObjects && restore.emptying !== undefined && restore.emptying !== '') throw hasCommits();
  const psql = await findTool('psql', { env: call.terminal.env, atLeastMajor: serverMajor });
  const source = await sourceOf(restore, call);
  const bar = progress(call.terminal, `restoring into ${database}`, content.format === 'plain' ? content.sizeBytes : 0);
  const running = startTool(psql, PSQL, { ...call, database });
  const counted = meter((chunk) => bar.advance(chunk.length));
  const script = Readable.from(scriptOf(restore, source, psql, running), { objectMode: false });
  try {
    await fed(running, () => pipeline([script, counted, running.stdin]));
  } catch (error) {
    source.stop();
    throw error;
  } finally {
    bar.end();
  }
}

async function* scriptOf(
  { content, emptying = '', serverMajor }: Restore,
  source: RestoreSource,
  psql: Tool,
  running: RunningTool,
): AsyncGenerator<string | Buffer> {
  const isShut = isText(content) && knowsRestrict(psql);
  const [open, close] = isShut ? restriction() : ['', ''];
  yield `BEGIN;\n${emptying}${open}`;
  const script = isShut ? withoutOwnRestriction(source.script()) : source.script();
  yield* withKnownSettings(script, serverMajor);
  // What is in the pipe would be carried out even when we are killed.
  const mark = `all-of-it-${randomBytes(8).toString('hex')}`;
  yield `${close}\\echo ${mark}\n`;
  await saidBy(running, mark);
  yield 'COMMIT;\n';
}

/** Resolves when psql has come to the mark; rejects when it ended before. */
async function saidBy({ stdout, ended }: RunningTool, mark: string): Promise<void> {
  await Promise.race([
    ended.then(() => Promise.reject(new CommandError('psql ended before its input did', EXIT.failed))),
    new Promise<void>((resolve) => {
      let text = '';
      stdout.setEncoding('utf8').on('data', (piece: string) => {
        text = (text + piece).slice(-2 * mark.length);
        if (text.includes(mark)) resolve();
      });
    }),
  ]);
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

/** A text may have psql run commands of the shell (CVE-2025-8714); pg_restore shuts what it writes by itself. */
function isText({ format }: ReadContent): boolean {
  return format === 'plain' || format === 'gzip';
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
