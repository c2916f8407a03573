import { check } from '../doctor-check.js';
import { ok, warn } from '../finding.js';

export const databaseReachable = check({
  id: 'database.reachable',
  title: 'whether the database answers, and how fast',
  needs: ['database'],
  answersFor: 'database',
  run({ database: { firstMs, settings }, known }) {
    const ms = Math.round(firstMs);
    const { connectionTimeoutMs } = known?.database ?? settings;
    if (firstMs < connectionTimeoutMs) return ok(`it answers, with a new connection in ${ms} ms`);
    const says = `a new connection and one question took ${ms} ms, the service gives up after ${connectionTimeoutMs}`;
    return warn(
      says,
      'look at the load of its machine and at the network; DB_CONNECTION_TIMEOUT says how long to wait',
    );
  },
});
