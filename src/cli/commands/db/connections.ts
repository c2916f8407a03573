import { queried, type Report } from './report.js';

export const connections: Report = {
  name: 'connections',
  description: 'Connections to the server by database, application and state, and how many it allows.',
  columns: ['database', 'application', 'state', 'connections', 'max'],
  whenEmpty: 'no connections',
  rows: queried(`
    SELECT datname AS database, application_name AS application, state, count(*)::int AS connections,
           current_setting('max_connections')::int AS max
    FROM pg_stat_activity WHERE backend_type = 'client backend'
    GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3`),
};
