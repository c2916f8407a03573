import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupManifest } from '../../../index.js';
import type { DatabaseCall } from '../../database/on-database.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { visible } from '../../visible.js';
import { partialPath, publish } from '../folder.js';
import { newStampedName } from '../names.js';
import { progress, type Progress } from '../progress.js';
import { startTool } from '../run-tool.js';
import { findTool } from '../tools.js';
import { checkLatest, pointLatestTo } from './latest.js';
import { verifyBase } from './verify-base.js';

export interface BaseOptions {
  readonly spread?: true;
}

interface Server {
  readonly version: string;
  readonly major: number;
  readonly tablespaces: readonly string[];
}

const SERVER = `
  SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int / 10000 AS major,
    ARRAY(SELECT spcname::text FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')) AS tablespaces`;
const PROGRESS = /^\s*(\d+)\/(\d+) kB/;
const KIBIBYTE = 1024;

/** Copies the whole server into a new folder, checked byte by byte before it has its name, and points `latest` to it. */
export async function takeBase(call: DatabaseCall<BaseOptions>, dir: string): Promise<BackupManifest> {
  const { terminal, config, signal, options } = call;
  await checkLatest(dir);
  const startedAt = new Date();
  const server = await serverOf(call);
  const tool = await findTool('pg_basebackup', { env: terminal.env, atLeastMajor: server.major });
  const file = await newStampedName(dir, 'base', '');
  const path = partialPath(dir, file);
  try {
    const how = ['--format=plain', '--wal-method=stream', '--manifest-checksums=SHA256', '--no-password'];
    const speed = `--checkpoint=${options.spread === true ? 'spread' : 'fast'}`;
    const { line: onLine, end } = lineProgress(call);
    try {
      // Should this process be killed, --progress has it write to a pipe that nobody reads any more, and end.
      const args = ['--pgdata', path, ...how, speed, '--progress'];
      const running = startTool(tool, args, { config, terminal, signal, onLine });
      running.stdout.resume();
      await running.ended;
    } finally {
      end();
    }
    await verifyBase(path, { terminal, signal });
    const about = { version: 1, file, format: 'base', database: config.database.name } as const;
    const sizeBytes = await sizeOf(path);
    const sha256 = createHash('sha256')
      .update(await readFile(join(path, 'backup_manifest')))
      .digest('hex');
    const [serverVersion, createdAt] = [server.version, new Date().toISOString()];
    const manifest = { ...about, serverVersion, startedAt: startedAt.toISOString(), createdAt, sizeBytes, sha256 };
    signal.throwIfAborted();
    await publish(dir, manifest);
    await pointLatestTo(dir, file);
    return manifest;
  } finally {
    // Nothing is there any more when it has its name.
    await rm(path, { recursive: true, force: true });
  }
}

async function serverOf({ pool }: DatabaseCall): Promise<Server> {
  const { rows } = await pool.query<Server>(SERVER);
  const server = rows[0] ?? { version: '', major: 0, tablespaces: [] };
  if (server.tablespaces.length === 0) return server;
  const names = visible(server.tablespaces.join(', '));
  const cure = 'take it with pg_basebackup --tablespace-mapping, or with pgBackRest or Barman';
  throw new CommandError(`the server has tablespaces outside of its folder (${names}): ${cure}`, EXIT.failed);
}

/** By the lines that pg_basebackup writes: done and total, in kB. */
function lineProgress({ terminal }: DatabaseCall): { line: (text: string) => void; end: () => void } {
  let bar: Progress | undefined;
  let seen = 0;
  return {
    line(text) {
      const [, done, total] = PROGRESS.exec(text) ?? [];
      if (done === undefined) return;
      bar ??= progress(terminal, 'copying', Number(total) * KIBIBYTE);
      bar.advance((Number(done) - seen) * KIBIBYTE);
      seen = Number(done);
    },
    end: () => bar?.end(),
  };
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
