import { CommandError, EXIT } from '../../exit-codes.js';
import type { Client } from '../../database/with-client.js';
import type { Row } from '../../table-text.js';
import type { Report } from './report.js';

const CURE = `load it (shared_preload_libraries = 'pg_stat_statements', a restart) and CREATE EXTENSION pg_stat_statements`;

export const slow: Report = {
  name: 'slow',
  description: 'The ten statements of this database that took the most time in all (needs pg_stat_statements).',
  columns: ['total_ms', 'mean_ms', 'max_ms', 'calls', 'rows', 'query'],
  whenEmpty: 'no statements yet',
  rows: statements,
};

async function statements(client: Client): Promise<readonly Row[]> {
  const { rows } = await client.query<{ view: string; hasExecTime: boolean }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS view,
            EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'total_exec_time') AS "hasExecTime"
     FROM pg_extension e
     JOIN pg_depend d ON d.refobjid = e.oid AND d.deptype = 'e' AND d.classid = 'pg_class'::regclass
     JOIN pg_class c ON c.oid = d.objid AND c.relname = 'pg_stat_statements'
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE e.extname = 'pg_stat_statements'`,
  );
  const [found] = rows;
  if (found === undefined)
    throw new CommandError(`pg_stat_statements is not installed in this database: ${CURE}`, EXIT.failed);
  // Before version 13 the server did not tell planning from execution.
  const kind = found.hasExecTime ? 'exec_' : '';
  const text = `
    SELECT round(total_${kind}time::numeric, 1)::float8 AS total_ms, round(mean_${kind}time::numeric, 1)::float8 AS mean_ms,
           round(max_${kind}time::numeric, 1)::float8 AS max_ms, calls::float8 AS calls, rows::float8 AS rows, query
    FROM ${found.view} WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY 1 DESC LIMIT 10`;
  return (await client.query<Row>(text)).rows;
}
