import type { Command } from 'commander';
import { readBackups, type FoundBackup } from '../../../index.js';
import { bytesText } from '../../backup/progress.js';
import { placeOf, withStorage, type StorageOptions } from '../../backup/s3/place.js';
import { remoteBackups } from '../../backup/s3/remote-backups.js';
import { withBackupFolder, type FolderOptions } from '../../backup/where.js';
import { configured } from '../../database/configured.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { interruptible } from '../../interruptible.js';
import { said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import { tableText, type Row } from '../../table-text.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

const COLUMNS = ['file', 'format', 'database', 'created', 'size', 'verified', 'drilled', 'state'];

interface ListOptions extends FolderOptions, StorageOptions {
  readonly in?: string;
  readonly json?: true;
}

export function list(group: Command, terminal: Terminal): void {
  withStorage(withBackupFolder(group.command('list')))
    .description(
      'Lists the backups, oldest first, with what their manifests say. The content is not read: verify does.',
    )
    .option('--in <url>', 'the copies at s3://bucket/prefix instead', said)
    .option('--json', 'one JSON document on standard output')
    .action(async (options: ListOptions) => {
      const { backupDir } = await configured(options, terminal);
      const { in: url, dir = backupDir } = options;
      const found = await (url === undefined
        ? backupsIn(dir)
        : interruptible((signal) => remoteBackups(placeOf(url, { terminal, options, signal }), signal)));
      const text = found.length === 0 ? 'no backups' : tableText(COLUMNS, found.map(rowOf)).trimEnd();
      await printResult({ terminal, options }, found, text);
      if (found.some(({ problem }) => problem !== undefined)) terminal.exitCode = EXIT.findings;
    });
}

async function backupsIn(dir: string): Promise<FoundBackup[]> {
  try {
    return await readBackups(dir);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new CommandError(visible(`cannot read the folder ${dir} (${code})`), EXIT.failed);
  }
}

function rowOf({ file, manifest, problem }: FoundBackup): Row {
  if (manifest === undefined) return { file, state: problem };
  const { format, database, createdAt, sizeBytes, verifiedAt, drill } = manifest;
  const times = { created: createdAt, verified: verifiedAt, drilled: drill?.at };
  return { file, format, database, ...times, size: bytesText(sizeBytes), state: 'ok' };
}
