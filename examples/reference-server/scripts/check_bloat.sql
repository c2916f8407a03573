-- Room that dead rows left behind in tables: an estimate from statistics, without an extension; ANALYZE before.
-- The same as express-runbook db bloat: psql $DATABASE_URL -f scripts/check_bloat.sql
WITH width AS (
  SELECT schemaname, tablename, sum((1 - null_frac) * avg_width) AS bytes
  FROM pg_stats GROUP BY schemaname, tablename
), guess AS (
  SELECT t.relid, t.n_live_tup, t.n_dead_tup, c.relpages, current_setting('block_size')::int AS block,
         ceil(greatest(c.reltuples, 0) * (28 + coalesce(w.bytes, 0)) / (current_setting('block_size')::int - 24)) AS needed
  FROM pg_stat_user_tables t JOIN pg_class c ON c.oid = t.relid
  LEFT JOIN width w ON w.schemaname = t.schemaname AND w.tablename = t.relname
)
SELECT relid::regclass::text AS table, pg_size_pretty(pg_table_size(relid)) AS size, pg_table_size(relid)::float8 AS bytes,
       n_dead_tup::float8 AS dead_rows,
       round(100.0 * n_dead_tup / greatest(n_live_tup + n_dead_tup, 1), 1)::float8 AS dead_percent,
       (greatest(relpages - needed, 0) * block)::float8 AS bloat_bytes,
       round((100 * greatest(relpages - needed, 0) / greatest(relpages, 1))::numeric, 1)::float8 AS bloat_percent
FROM guess ORDER BY bloat_bytes DESC, dead_rows DESC, 1;
