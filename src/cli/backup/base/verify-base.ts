import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError, EXIT } from '../../exit-codes.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';
import { findTool } from '../tools.js';
import { runProgram } from './run-program.js';

/**
 * Reads a base backup from end to end and compares it with the `backup_manifest` in it; its WAL, too, where pg_waldump is
 * installed. Throws `CommandError` when a byte differs.
 */
export async function verifyBase(
  folder: string,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<void> {
  const major = await majorOf(folder);
  const tool = await findTool('pg_verifybackup', { env: terminal.env, atLeastMajor: major });
  // It looks for the other beside itself. Debian has it in the package of the server, and this in that of the clients.
  const canReadWal = await access(join(dirname(tool.path), 'pg_waldump')).then(
    () => true,
    () => false,
  );
  if (!canReadWal) terminal.complain('the WAL in it is not read: pg_waldump is not installed\n');
  await runProgram(tool.path, ['--quiet', ...(canReadWal ? [] : ['--no-parse-wal']), folder], signal);
}

/** Of the server that it is a copy of: the programs must be of that version. */
export async function majorOf(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => '');
  const major = Number(text.trim());
  if (Number.isSafeInteger(major) && major > 0) return major;
  throw new CommandError(visible(`${folder} is no base backup: there is no PG_VERSION in it`), EXIT.failed);
}
