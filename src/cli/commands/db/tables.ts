import { queried, type Report } from './report.js';

// The relation itself is measured and not its name, which in mixed case would have to be quoted.
export const tables: Report = {
  name: 'tables',
  description: 'Tables by size, with their rows (an estimate), dead rows and last vacuum.',
  columns: ['table', 'size', 'bytes', 'rows', 'dead_rows', 'last_vacuum', 'last_analyze'],
  whenEmpty: 'there are no tables',
  rows: queried(`
    SELECT format('%I.%I', schemaname, relname) AS table, pg_size_pretty(pg_total_relation_size(relid)) AS size,
           pg_total_relation_size(relid)::float8 AS bytes, n_live_tup::float8 AS rows, n_dead_tup::float8 AS dead_rows,
           greatest(last_vacuum, last_autovacuum) AS last_vacuum, greatest(last_analyze, last_autoanalyze) AS last_analyze
    FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC, 1`),
};
