import { lchown, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, EXIT } from '../../exit-codes.js';

/** Whom a server runs as when that is not the account of this process. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; nothing for anybody else. */
export async function serverAccount(): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const entries = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const entry = entries.find((fields) => fields[0] === name);
    if (entry !== undefined) return { name, uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new CommandError(
    'PostgreSQL refuses to run as root, and there is no account "postgres": run as an ordinary user',
    EXIT.failed,
  );
}

/** Gives a folder to the account, with all that is in it. */
export async function giveTo(account: ServerAccount | undefined, folder: string): Promise<void> {
  if (account === undefined) return;
  await lchown(folder, account.uid, account.gid);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}
