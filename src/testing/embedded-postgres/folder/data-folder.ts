import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isWalkableByOthers, runAs, sharedTemporaryFolder, type Account } from '../installation/account.js';
import { codeOf, EmbeddedPostgresError } from '../embedded-postgres-error.js';
import type { Place } from '../place.js';
import { makeStaging, sweepStaging } from './staging.js';

const run = promisify(execFile);

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

/** Makes the database folder when there is none; refuses one that this server cannot use. */
export async function prepareDataFolder(place: Place): Promise<void> {
  const { dataDir, account, settings } = place;
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    settings.onProgress(`making a new database in ${dataDir}`);
    await makeDataFolder(place);
  }
  const owner = statSync(dataDir).uid;
  if (owner !== (account?.uid ?? process.getuid?.())) {
    throw new EmbeddedPostgresError(
      'ERR_EMBEDDED_POSTGRES_FOLDER',
      `${dataDir} belongs to another account (uid ${String(owner)}): run as that one, or remove the folder`,
    );
  }
}

/** Made beside its place and then renamed, so that two starters at once cannot half-make one folder. */
async function makeDataFolder(place: Place): Promise<void> {
  const { dataDir, bin, account, settings } = place;
  sweepStaging(dataDir);
  const staging = makeStaging(dataDir);
  const made = join(staging, 'data');
  const passwordFile = join(staging, 'password');
  writeFileSync(passwordFile, `${settings.password}\n`, { mode: 0o600 });
  if (account !== undefined) for (const path of [staging, passwordFile]) chownSync(path, account.uid, account.gid);
  const login = ['-U', settings.user, '--pwfile', passwordFile, '-A', 'scram-sha-256'];
  const format = ['-E', 'UTF8', '--no-locale', '--wal-segsize=1', ...(settings.durable ? [] : ['--no-sync'])];
  try {
    await run(join(bin, 'initdb'), ['-D', made, ...login, ...format], runAs(account, staging));
    renameSync(made, dataDir);
  } catch (error) {
    // Another starter was first, or there is something else in the folder.
    const isTaken = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '');
    if (!isTaken || !existsSync(join(dataDir, 'PG_VERSION'))) throw initError(error, dataDir, isTaken, account);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function initError(error: unknown, dataDir: string, isTaken: boolean, account: Account | undefined): Error {
  if (isTaken) {
    const problem = `${dataDir} is not empty and holds no database: give a folder of its own`;
    return new EmbeddedPostgresError('ERR_EMBEDDED_POSTGRES_FOLDER', problem);
  }
  if (codeOf(error) === 'ENOENT') {
    // The program is there: what is missing is the loader it names, which is glibc's.
    const problem =
      'the binaries need glibc, which this system (Alpine?) has not: set DATABASE_URL to a server of your own';
    return new EmbeddedPostgresError('ERR_EMBEDDED_POSTGRES_PLATFORM', problem, { cause: error });
  }
  const said = saidBy(error);
  if (said.includes('could not look up effective user ID')) {
    const problem =
      'PostgreSQL needs an account with a name (an entry in /etc/passwd): run as one, or set DATABASE_URL';
    return new EmbeddedPostgresError('ERR_EMBEDDED_POSTGRES_ACCOUNT', problem, { cause: error });
  }
  const who = account === undefined ? '' : ` as ${account.name}`;
  return new EmbeddedPostgresError('ERR_EMBEDDED_POSTGRES_START', `initdb failed${who}: ${said}`, { cause: error });
}

/** What a program wrote to standard error before it failed. */
function saidBy(error: unknown): string {
  const stderr = typeof error === 'object' && error !== null && 'stderr' in error ? error.stderr : undefined;
  return (typeof stderr === 'string' && stderr !== '' ? stderr : String(error)).trim();
}
