import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Client } from '../database/with-client.js';
import { meter } from './meter.js';
import { progress } from './progress.js';
import { startTool, type ToolCall } from './run-tool.js';
import type { Tool } from './tools.js';

/** What pg_dump makes, and how its file is called by default. */
export const DUMP_FORMATS = Object.freeze({ custom: '.dump', plain: '.sql', gzip: '.sql.gz' });
export type DumpFormat = keyof typeof DUMP_FORMATS;

export interface DumpCall extends ToolCall {
  readonly client: Client;
  readonly pgDump: Tool;
  readonly format: DumpFormat;
  /** Exported by the client's transaction: both see the same rows. */
  readonly snapshot: string;
}

const DUMPING = /dumping contents of table "(.+)"$/;
const SIZES = `
  SELECT n.nspname || '.' || c.relname AS name, pg_table_size(c.oid)::float8 AS bytes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`;

/** Streams a dump into a new file, mode 0600, on disk when it resolves; gives its size and checksum. */
export async function dumpInto(path: string, call: DumpCall): Promise<{ sizeBytes: number; sha256: string }> {
  const { format, pgDump, snapshot } = call;
  const onLine = await tableProgress(call);
  const args = [`--format=${format === 'custom' ? 'custom' : 'plain'}`, `--snapshot=${snapshot}`];
  const tool = startTool(pgDump, [...args, '--no-password', '--verbose'], { ...call, onLine: onLine.line });
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const counted = meter((chunk) => {
    hash.update(chunk);
    sizeBytes += chunk.length;
  });
  const pack = format === 'gzip' ? [createGzip()] : [];
  // flush: fsync before it closes.
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await Promise.all([pipeline([tool.stdout, ...pack, counted, file]), tool.ended]);
  } finally {
    tool.kill();
    onLine.end();
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** How far pg_dump is, by the sizes of the tables that it says it begins with: nobody knows how large its output will be. */
async function tableProgress({
  client,
  terminal,
}: DumpCall): Promise<{ line: (text: string) => void; end: () => void }> {
  const { rows } = await client.query<{ name: string; bytes: number }>(SIZES);
  const sizes = new Map(rows.map(({ name, bytes }) => [name, bytes]));
  const bar = progress(
    terminal,
    'dumping',
    [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
  );
  let current = 0;
  return {
    line: (text) => {
      const [, table] = DUMPING.exec(text) ?? [];
      if (table === undefined) return;
      bar.advance(current);
      current = sizes.get(table) ?? 0;
    },
    end: () => bar.end(),
  };
}
