import { queried, type Report } from './report.js';

export const locks: Report = {
  name: 'locks',
  description: 'Who waits for a lock, and who holds it: end the holder with db kill.',
  columns: ['pid', 'waits', 'lock', 'relation', 'query', 'blocked_by', 'blocker_state', 'blocker_query'],
  whenEmpty: 'nobody waits for a lock',
  rows: queried(`
    SELECT waiting.pid, date_trunc('milliseconds', clock_timestamp() - waiting.query_start)::text AS waits,
           wanted.mode AS lock, wanted.relation::regclass::text AS relation, waiting.query,
           blocker.pid AS blocked_by, blocker.state AS blocker_state, blocker.query AS blocker_query
    FROM pg_stat_activity waiting
    CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS by_pid
    LEFT JOIN pg_stat_activity blocker ON blocker.pid = by_pid
    LEFT JOIN LATERAL (SELECT mode, relation FROM pg_locks WHERE pid = waiting.pid AND NOT granted LIMIT 1) wanted ON true
    WHERE waiting.datname = current_database()
    ORDER BY waiting.query_start, waiting.pid`),
};
