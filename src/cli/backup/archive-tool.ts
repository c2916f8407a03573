import { open } from 'node:fs/promises';
import type { BackupFormat } from '../../index.js';
import type { Terminal } from '../terminal.js';
import { findTool, type Tool } from './tools.js';

const MAGIC = 'PGDMP';
/** A tar has its table of contents first, behind a block of its own. */
const TAR_BLOCK = 512;
/** The major of PostgreSQL that began to write each version of an archive (K_VERS_… of its pg_backup_archiver.h); 12 to 15 write 1.14. */
const WRITTEN_SINCE: Readonly<Record<string, number>> = { '1.15': 16, '1.16': 17 };

/** Whether only pg_restore can read it. */
export function isArchive(format: BackupFormat): boolean {
  return format === 'custom' || format === 'tar';
}

/** The pg_restore that can read this archive, or an error that says which one is needed: an older one refuses it halfway in. */
export async function archiveTool(path: string, format: BackupFormat, { env }: Terminal): Promise<Tool> {
  const major = WRITTEN_SINCE[await versionOf(path, format === 'tar' ? TAR_BLOCK : 0)];
  if (major === undefined) return findTool('pg_restore', { env, atLeastMajor: 1 });
  const need = `too old for this backup, which pg_dump ${major} or newer wrote`;
  return findTool('pg_restore', { env, atLeastMajor: major, need });
}

async function versionOf(path: string, at: number): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC.length + 2), 0, MAGIC.length + 2, at);
    const isWhole = bytesRead === buffer.length && buffer.toString('latin1', 0, MAGIC.length) === MAGIC;
    // pg_restore has its own words for what is cut off here.
    return isWhole ? `${buffer[MAGIC.length] ?? ''}.${buffer[MAGIC.length + 1] ?? ''}` : '';
  } finally {
    await handle.close();
  }
}
