import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { EmbeddedPostgresError } from '../embedded-postgres-error.js';

/** Whom the server runs as when that is not the account of this process. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Nothing for an ordinary user. PostgreSQL refuses to run as root, and initdb wants an account that has a name. */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const entry = entries.find((fields) => fields[0] === name);
    if (entry !== undefined) return { name, uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new EmbeddedPostgresError(
    'ERR_EMBEDDED_POSTGRES_ACCOUNT',
    'this process is root, PostgreSQL refuses to run as root, and there is no account "postgres" or "nobody" to run it as: ' +
      'add one (useradd --system postgres) or start as an ordinary user',
  );
}

/** Whether any account can walk into this folder; one below /root (mode 700) it cannot. */
export function isWalkableByOthers(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

export function isRunnableByOthers(file: string): boolean {
  return (statSync(file).mode & 0o005) === 0o005 && isWalkableByOthers(dirname(file));
}

/** Where temporary things go that another account must reach: a root shell may have a TMPDIR of its own. */
export function sharedTemporaryFolder(): string {
  return isWalkableByOthers(tmpdir()) ? tmpdir() : '/tmp';
}

/** How the programs of Postgres are run: as the account, in the plainest of environments. */
export function runAs(account: Account | undefined, home: string) {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', LANG: 'C', TZ: 'UTC', HOME: home };
  return { env, cwd: '/', ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }) };
}
