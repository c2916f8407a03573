import { queried, type Report } from './report.js';

export const activity: Report = {
  name: 'activity',
  description: 'What runs in this database now, the longest first.',
  columns: ['pid', 'user', 'application', 'state', 'duration', 'waits_for', 'query'],
  whenEmpty: 'nothing runs',
  rows: queried(`
    SELECT pid, usename AS user, application_name AS application, state,
           date_trunc('milliseconds', clock_timestamp() - coalesce(query_start, backend_start))::text AS duration,
           wait_event_type || ': ' || wait_event AS waits_for, query
    FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
    ORDER BY coalesce(query_start, backend_start)`),
};
