import { queried, type Report } from './report.js';

// A negative n_distinct is a share of the rows (https://www.postgresql.org/docs/current/view-pg-stats.html). A unique index that
// nobody reads still keeps its promise.
export const indexes: Report = {
  name: 'indexes',
  description:
    'Indexes that are in the way: invalid (a concurrent build that broke off) or never used; and columns that may want one.',
  columns: ['finding', 'table', 'name', 'size', 'scans'],
  whenEmpty: 'nothing to say about indexes',
  rows: queried(`
    SELECT CASE WHEN NOT i.indisvalid THEN 'invalid' ELSE 'unused' END AS finding, i.indrelid::regclass::text AS table,
           format('%I', s.indexrelname) AS name, pg_size_pretty(pg_relation_size(i.indexrelid)) AS size,
           s.idx_scan::float8 AS scans
    FROM pg_stat_user_indexes s JOIN pg_index i ON i.indexrelid = s.indexrelid
    WHERE NOT i.indisvalid OR s.idx_scan = 0 AND NOT i.indisunique
    UNION ALL
    SELECT 'candidate', p.attrelid::regclass::text, format('%I', p.attname), NULL, NULL
    FROM pg_stats s
    JOIN pg_attribute p ON p.attrelid = format('%I.%I', s.schemaname, s.tablename)::regclass AND p.attname = s.attname
    JOIN pg_class c ON c.oid = p.attrelid
    WHERE s.schemaname NOT IN ('pg_catalog', 'information_schema') AND abs(s.correlation) < 0.1
      AND (s.n_distinct > 100 OR s.n_distinct < 0 AND -s.n_distinct * c.reltuples > 100)
      AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = p.attrelid AND i.indkey[0] = p.attnum)
    ORDER BY 1, 2, 3`),
};
