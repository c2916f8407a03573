import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { completeBinaries } from './complete-binaries.js';
import { codeOf, EmbeddedPostgresError } from '../embedded-postgres-error.js';
import { sharedTemporaryFolder } from './account.js';

export interface BinariesPackage {
  /** The folder that holds `native/`. */
  readonly folder: string;
  readonly version: string;
}

/** A copy that the account can reach, made once for each version and user; its folder of programs. */
export function copiedBinaries({ folder, version }: BinariesPackage): string {
  const { uid } = userInfo();
  const copy = join(sharedTemporaryFolder(), `embedded-pg-${version}-${String(uid)}`);
  if (existsSync(copy) && !isFolderOf(copy, uid)) {
    throw new EmbeddedPostgresError('ERR_EMBEDDED_POSTGRES_FOLDER', `${copy} belongs to somebody else: remove it`);
  }
  if (!existsSync(join(copy, '.complete'))) makeCopy(folder, copy);
  return join(copy, 'native', 'bin');
}

/** In the temporary folder anybody may have made one of this name before us. */
function isFolderOf(path: string, uid: number): boolean {
  const stat = lstatSync(path);
  return stat.isDirectory() && stat.uid === uid;
}

/** Made beside its place and then renamed, so that starters at once cannot half-make one copy. */
function makeCopy(folder: string, copy: string): void {
  const staging = `${copy}.new-${randomBytes(6).toString('hex')}`;
  try {
    cpSync(folder, staging, { recursive: true, verbatimSymlinks: true });
    completeBinaries(staging);
    openToOthers(staging);
    writeFileSync(join(staging, '.complete'), '');
    renameSync(staging, copy);
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
  }
}

/** Whatever the umask was when the package was installed. */
function openToOthers(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode | 0o444);
  }
}
