import { check } from '../doctor-check.js';
import { fail, ok, skip, warn } from '../finding.js';

const LOCAL = /^(?:|localhost|127\.[\d.]+|::1|\[::1\]|\/.*)$/;
const CURE = 'DB_SSL=true, or sslmode=require in DATABASE_URL; the server needs ssl = on';

export const databaseEncryption = check({
  id: 'database.encryption',
  title: 'whether the way to the database is encrypted',
  needs: ['settings', 'database'],
  async run({ settings, database }) {
    const { host, pooler } = settings.database;
    // What the server says is of the pooler's connection, and not of ours.
    if (pooler !== 'none')
      return skip(`a pooler stands between (DB_POOLER=${pooler}): ask with the address of the server itself`);
    if (LOCAL.test(host)) return skip('the database is on this machine');
    const [row] = await database.rows<{ ssl: boolean; version: string }>(
      'SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    );
    if (row?.ssl === true) return ok(`${row.version} to ${host}`);
    const says = `passwords and rows go to ${host} in plain text`;
    return settings.isProduction ? fail(says, CURE) : warn(says, CURE);
  },
});
