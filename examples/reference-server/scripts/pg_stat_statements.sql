-- Statement statistics under the names of every version: up to PostgreSQL 12 the columns were total_time, mean_time …, since
-- 13 they are total_exec_time, mean_exec_time …. Needs shared_preload_libraries = 'pg_stat_statements' and a superuser.
-- psql $DATABASE_URL -v ON_ERROR_STOP=1 -1 -f scripts/pg_stat_statements.sql
CREATE SCHEMA IF NOT EXISTS stat_statements;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA stat_statements;
-- Where it was there already, in public.
ALTER EXTENSION pg_stat_statements SET SCHEMA stat_statements;
CREATE OR REPLACE VIEW public.pg_stat_statements AS
SELECT s.*, total_exec_time AS total_time, mean_exec_time AS mean_time, max_exec_time AS max_time, min_exec_time AS min_time
FROM stat_statements.pg_stat_statements s;
