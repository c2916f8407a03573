import { join } from 'node:path';
import type { Command } from 'commander';
import { LATEST } from '../../backup/base/latest.js';
import { takeBase, type BaseOptions } from '../../backup/base/take-base.js';
import { inBackupFolder } from '../../backup/folder.js';
import { bytesText } from '../../backup/progress.js';
import { withFolder, type FolderOptions } from '../../backup/where.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

const EXPLAINED = `
The user needs the attribute REPLICATION, and pg_hba.conf a line for "replication". ${LATEST} in the folder is a link to the
newest one, so that pg_verifybackup ${LATEST} checks it. Together with archived WAL it gives any moment back: see backup pitr.`;

export function base(group: Command, terminal: Terminal): void {
  const command = withFolder(group.command('base'))
    .description(
      'Copies the whole server, all databases, into a new folder. It has its name only when it is whole and read back.',
    )
    .option('--spread', 'have the server take its time for the checkpoint at the beginning')
    .addHelpText('after', EXPLAINED);
  onDatabase(command, terminal, run);
}

async function run(call: DatabaseCall<BaseOptions & FolderOptions>): Promise<void> {
  const { terminal, options, config } = call;
  const dir = options.dir ?? config.backupDir;
  const manifest = await inBackupFolder(
    dir,
    (message) => terminal.complain(`${message}\n`),
    () => takeBase(call, dir),
  );
  const path = visible(join(dir, manifest.file));
  return printResult(call, manifest, `created ${path} (${bytesText(manifest.sizeBytes)}); ${LATEST} points to it`);
}
