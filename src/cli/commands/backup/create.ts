import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { BackupContents, BackupManifest } from '../../../index.js';
import { readBack } from '../../backup/checked-backup.js';
import { readContents } from '../../backup/contents.js';
import { damaged } from '../../backup/content.js';
import { dumpInto, DUMP_FORMATS, type DumpFormat } from '../../backup/dump.js';
import { inBackupFolder, partialPath, publish } from '../../backup/folder.js';
import { newGivenName, newStampedName } from '../../backup/names.js';
import { bytesText } from '../../backup/progress.js';
import { checkUpload, uploadBackup, withUpload, type UploadOptions } from '../../backup/s3/upload.js';
import { serverOf } from '../../backup/server.js';
import { findTool } from '../../backup/tools.js';
import { updateManifest } from '../../backup/update-manifest.js';
import { withFolder, type FolderOptions } from '../../backup/where.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { withClient, type Client } from '../../database/with-client.js';
import { oneOf, said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

interface CreateOptions extends FolderOptions, UploadOptions {
  readonly format?: DumpFormat;
  readonly name?: string;
}

type CreateCall = DatabaseCall<CreateOptions>;

const FORMATS = Object.keys(DUMP_FORMATS);

export function create(group: Command, terminal: Terminal): void {
  const command = withUpload(withFolder(group.command('create')))
    .description('Dumps the database into the folder. It has its name only when it is whole, on disk and read back.')
    .option('--format <format>', `${FORMATS.join(', ')} (default: custom)`, oneOf(FORMATS))
    .option('--name <file>', 'name of the file (default: that of the database and the time, UTC)', said);
  onDatabase<CreateOptions>(command, terminal, run);
}

async function run(call: CreateCall): Promise<void> {
  const { terminal, options, config } = call;
  const dir = options.dir ?? config.backupDir;
  const say = (message: string): void => terminal.complain(`${message}\n`);
  checkUpload(call);
  const manifest = await inBackupFolder(dir, say, async () => {
    const created = await withClient(call, (client) => createdBackup(call, client, dir));
    return uploaded(call, dir, created);
  });
  const tables = Object.keys(manifest.contents?.tables ?? {}).length;
  const text = `created ${visible(join(dir, manifest.file))} (${bytesText(manifest.sizeBytes)}, ${tables} tables, sha256 ${manifest.sha256})`;
  return printResult(call, manifest, text);
}

/** With the folder still in hand: nobody removes it meanwhile. */
async function uploaded(call: CreateCall, dir: string, manifest: BackupManifest): Promise<BackupManifest> {
  const upload = await uploadBackup(call, dir, manifest);
  if (upload === undefined) return manifest;
  call.terminal.complain(`uploaded ${visible(upload.url)}\n`);
  const uploads = [...(manifest.uploads ?? []), upload];
  await updateManifest(dir, manifest, { uploads });
  return { ...manifest, uploads };
}

async function createdBackup(call: CreateCall, client: Client, dir: string): Promise<BackupManifest> {
  const { terminal, options } = call;
  const { format = 'custom' } = options;
  const startedAt = new Date();
  const server = await serverOf(call.pool);
  const file =
    options.name === undefined
      ? await newStampedName(dir, server.database, DUMP_FORMATS[format])
      : await newGivenName(dir, options.name);
  const pgDump = await findTool('pg_dump', { env: terminal.env, atLeastMajor: server.major });
  const pgRestore = await findTool('pg_restore', { env: terminal.env, atLeastMajor: pgDump.major });
  const path = partialPath(dir, file);
  try {
    const { contents, ...written } = await inSnapshot(client, async (snapshot) => {
      const inside = await readContents(client);
      return { contents: inside, ...(await dumpInto(path, { ...call, client, pgDump, format, snapshot })) };
    });
    const read = await readBack(path, call, pgRestore);
    if (read.sha256 !== written.sha256 || read.format !== format)
      throw damaged(path, 'it reads otherwise than it was written');
    const createdAt = new Date().toISOString();
    const about = { version: 1, file, format, database: server.database, serverVersion: server.version } as const;
    const manifest = { ...about, startedAt: startedAt.toISOString(), createdAt, ...written, contents };
    call.signal.throwIfAborted();
    await publish(dir, manifest);
    return manifest;
  } finally {
    // Nothing is there any more when it has its name.
    await rm(path, { force: true });
  }
}

/** The database at one moment, for this connection and for pg_dump. */
async function inSnapshot<Result extends { contents: BackupContents }>(
  client: Client,
  work: (snapshot: string) => Promise<Result>,
): Promise<Result> {
  await client.query('SET idle_in_transaction_session_timeout = 0');
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { rows } = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
  const result = await work(rows[0]?.snapshot ?? '');
  await client.query('ROLLBACK');
  return result;
}
