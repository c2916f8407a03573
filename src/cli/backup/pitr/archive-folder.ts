import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { said } from '../../option-values.js';
import { withFolder, type FolderOptions } from '../where.js';

export interface ArchiveOptions extends FolderOptions {
  readonly wal?: string;
}

const WAL = 'wal';

/** Adds the options that say where backups and archived WAL are. */
export function withArchive(command: Command): Command {
  return withFolder(command).option(
    '--wal <folder>',
    `archive of the WAL (default: ${WAL} in the folder of the backups)`,
    said,
  );
}

export function archiveFolders({ dir, wal }: ArchiveOptions, backupDir: string): { dir: string; wal: string } {
  const folder = resolve(dir ?? backupDir);
  return { dir: folder, wal: resolve(wal ?? join(folder, WAL)) };
}
