import { constants } from 'node:fs';
import { access, appendFile, chmod, cp, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError, EXIT } from '../../exit-codes.js';
import { visible } from '../../visible.js';
import type { RecoveryTarget } from './target-time.js';
import { restoreCommand, settingText } from './wal-archive.js';

export interface Recovery {
  /** Folder of the base backup. */
  readonly base: string;
  /** Folder of the archived WAL. */
  readonly wal: string;
  readonly to: RecoveryTarget;
}

const MARK = '# Added by express-runbook backup pitr';
const AUTO_CONF = 'postgresql.auto.conf';
/** Where they are kept elsewhere, as on Debian, a base backup has none. */
const CONFIG_FILES: Readonly<Record<string, string>> = {
  'postgresql.conf': `${MARK}: the base backup had none\n`,
  'pg_hba.conf': `${MARK}: the base backup had none\nlocal all all peer\nhost all all samehost scram-sha-256\n`,
  'pg_ident.conf': '',
};

/** Refuses a place where something is; an empty folder is taken away, so that the new one can have its name. */
export async function freePlace(into: string): Promise<void> {
  const names = await readdir(into).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CommandError(visible(`--into ${into}: ${(error as Error).message}`), EXIT.failed);
  });
  if (names === undefined) return mkdir(dirname(into), { recursive: true }).then(() => undefined);
  if (names.length > 0) throw new CommandError(visible(`--into ${into} is not empty: name a new folder`), EXIT.failed);
  await rmdir(into);
}

/** A copy of the base backup as the data folder of a server that will recover to the moment when it is started. */
export async function prepareFolder(folder: string, { base, wal, to }: Recovery): Promise<void> {
  await cp(base, folder, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
    errorOnExist: true,
  });
  await chmod(folder, 0o700);
  for (const [name, content] of Object.entries(CONFIG_FILES)) {
    const isThere = await access(join(folder, name)).then(
      () => true,
      () => false,
    );
    if (!isThere) await writeFile(join(folder, name), content, { mode: 0o600 });
  }
  const settings = {
    restore_command: restoreCommand(wal),
    ...(to === 'latest' ? {} : { recovery_target_time: to.toISOString().replace('T', ' ').replace('Z', '+00') }),
    recovery_target_action: 'promote',
    // With it the server wants max_connections and others as high as the old one had them, wherever that was said.
    hot_standby: 'off',
    // What this server writes is another history; among the segments of the first it would spoil the next recovery.
    archive_mode: 'off',
  };
  const lines = Object.entries(settings).map(([name, value]) => settingText(name, value));
  await appendFile(join(folder, AUTO_CONF), `${MARK}\n${lines.join('\n')}\n`);
  await writeFile(join(folder, 'recovery.signal'), '', { mode: 0o600 });
}

/** Takes the settings of the recovery out again, but for archive_mode, once it has been done. */
export async function leaveRecovery(folder: string): Promise<void> {
  const path = join(folder, AUTO_CONF);
  const text = await readFile(path, 'utf8');
  await writeFile(path, `${text.slice(0, text.lastIndexOf(MARK))}${MARK}\n${settingText('archive_mode', 'off')}\n`);
}
