import { check } from '../doctor-check.js';
import { fail, ok } from '../finding.js';

const OLDEST_MAJOR = 14;

export const databaseVersion = check({
  id: 'database.version',
  title: 'the version of PostgreSQL',
  needs: ['database'],
  async run({ database }) {
    const [row] = await database.rows<{ number: number; version: string }>(
      `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version`,
    );
    const { number = 0, version = '' } = row ?? {};
    if (number >= OLDEST_MAJOR * 10_000) return ok(`PostgreSQL ${version}`);
    const cure = `PostgreSQL ${OLDEST_MAJOR} or later; pg_upgrade or a dump and a restore lead there`;
    return fail(
      `PostgreSQL ${version}: versions before ${OLDEST_MAJOR} are not supported, by this package nor by PostgreSQL`,
      cure,
    );
  },
});
