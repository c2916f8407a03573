import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isWalkableByOthers, type Account } from './account.js';
import { codeOf, EmbeddedPostgresError } from './embedded-postgres-error.js';
import type { EmbeddedPostgresSettings } from './options.js';

const run = promisify(execFile);

/** Where temporary things go that another account must reach: a root shell may have a TMPDIR of its own. */
export function sharedTemporaryFolder(): string {
  return isWalkableByOthers(tmpdir()) ? tmpdir() : '/tmp';
}

/** Where the data live: the folder that was asked for, or a temporary one. */
export function placeOfData(dataDir: string | undefined, account: Account | undefined): string {
  if (dataDir === undefined) return mkdtempSync(join(sharedTemporaryFolder(), 'embedded-pg-data-'));
  const wanted = resolve(dataDir);
  mkdirSync(dirname(wanted), { recursive: true });
  const place = join(realpathSync(dirname(wanted)), basename(wanted));
  if (account === undefined || isWalkableByOthers(dirname(place))) return place;
  // Below /root the account that runs the server cannot reach it. /var/tmp survives a reboot; the name is that of the place.
  return join('/var/tmp', `embedded-pg-${createHash('sha256').update(place).digest('hex').slice(0, 12)}`);
}

/** How the programs of Postgres are run: as the account, in the plainest of environments. */
export function runAs(account: Account | undefined, dataDir: string) {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', LANG: 'C', TZ: 'UTC', HOME: dataDir };
  return { env, cwd: '/', ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }) };
}

/** Makes the database folder when there is none; refuses one that this server cannot use. True when it was made. */
export async function prepareDataFolder(
  dataDir: string,
  bin: string,
  account: Account | undefined,
  settings: EmbeddedPostgresSettings,
): Promise<boolean> {
  const isNew = !existsSync(join(dataDir, 'PG_VERSION'));
  if (isNew) {
    settings.onProgress(`making a new database in ${dataDir}`);
    await makeDataFolder(dataDir, bin, account, settings);
  }
  const owner = statSync(dataDir).uid;
  if (owner !== (account?.uid ?? process.getuid?.())) {
    throw new EmbeddedPostgresError(
      'ERR_EMBEDDED_POSTGRES_FOLDER',
      `${dataDir} belongs to another account (uid ${String(owner)}): run as that one, or remove the folder`,
    );
  }
  return isNew;
}

/** Made beside its place and then renamed, so that two starters at once cannot half-make one folder. */
async function makeDataFolder(
  dataDir: string,
  bin: string,
  account: Account | undefined,
  settings: EmbeddedPostgresSettings,
): Promise<void> {
  const staging = mkdtempSync(`${dataDir}.new-`);
  const secret = mkdtempSync(join(sharedTemporaryFolder(), 'embedded-pg-secret-'));
  const passwordFile = join(secret, 'password');
  writeFileSync(passwordFile, `${settings.password}\n`, { mode: 0o600 });
  if (account !== undefined) {
    for (const path of [staging, secret, passwordFile]) chownSync(path, account.uid, account.gid);
  }
  const login = ['-U', settings.user, '--pwfile', passwordFile, '-A', 'scram-sha-256'];
  const format = ['-E', 'UTF8', '--no-locale', '--wal-segsize=1', ...(settings.durable ? [] : ['--no-sync'])];
  try {
    await run(join(bin, 'initdb'), ['-D', staging, ...login, ...format], runAs(account, staging));
    renameSync(staging, dataDir);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    // Another starter was first, or there is something else in the folder.
    const isTaken = ['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '');
    if (!isTaken || !existsSync(join(dataDir, 'PG_VERSION'))) throw initError(error, dataDir, isTaken, account);
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
}

function initError(error: unknown, dataDir: string, isTaken: boolean, account: Account | undefined): Error {
  if (isTaken) {
    const problem = `${dataDir} is not empty and holds no database: give a folder of its own`;
    return new EmbeddedPostgresError('ERR_EMBEDDED_POSTGRES_FOLDER', problem);
  }
  if (codeOf(error) === 'ENOENT') {
    // The program is there: what is missing is the loader it names, which is glibc's.
    const problem = 'the binaries need glibc, which this system (Alpine?) has not: set DATABASE_URL to a server of your own';
    return new EmbeddedPostgresError('ERR_EMBEDDED_POSTGRES_PLATFORM', problem, { cause: error });
  }
  const said = String((error as { stderr?: unknown }).stderr ?? (error as Error).message).trim();
  const who = account === undefined ? '' : ` as ${account.name}`;
  return new EmbeddedPostgresError('ERR_EMBEDDED_POSTGRES_START', `initdb failed${who}: ${said}`, { cause: error });
}
