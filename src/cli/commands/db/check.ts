import type { Command } from 'commander';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { withClient, withReader, type Client } from '../../database/with-client.js';
import { EXIT } from '../../exit-codes.js';
import { printResult } from '../../print-result.js';
import { tableText, type Row } from '../../table-text.js';
import type { Terminal } from '../../terminal.js';
import { corruptions } from './corruption.js';

/** Each query gives what is wrong, as `finding`. */
const CHECKS: Readonly<Record<string, string>> = {
  checksums: `
    SELECT format('%s pages with a wrong checksum, the last at %s: restore from a backup', checksum_failures, checksum_last_failure)
      AS finding FROM pg_stat_database WHERE datname = current_database() AND checksum_failures > 0`,
  indexes: `
    SELECT format('index %s is invalid: drop it, or db reindex its table', indexrelid::regclass) AS finding
    FROM pg_index WHERE NOT indisvalid`,
  constraints: `
    SELECT format('constraint %I of %s was never validated', conname, conrelid::regclass) AS finding
    FROM pg_constraint WHERE NOT convalidated`,
  connections: `
    SELECT format('%s of %s connections are in use', count(*), current_setting('max_connections')) AS finding
    FROM pg_stat_activity WHERE backend_type = 'client backend'
    HAVING count(*) > 0.9 * current_setting('max_connections')::int`,
  transactions: `
    SELECT format('session %s has been idle in a transaction since %s: it keeps vacuum from its work', pid, xact_start) AS finding
    FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND xact_start < now() - interval '10 minutes'`,
  wraparound: `
    SELECT format('%s transactions since the last freeze: run db vacuum', age(datfrozenxid)) AS finding
    FROM pg_database WHERE datname = current_database() AND age(datfrozenxid) > 1000000000`,
};

export function check(group: Command, terminal: Terminal): void {
  const names = Object.keys(CHECKS).join(', ');
  const command = group
    .command('check')
    .description(`Looks for what is wrong with the database: ${names}. Findings exit with 1.`)
    .option('--deep', 'read every row and every B-tree index, too (needs the extension amcheck)');
  onDatabase(command, terminal, look);
}

async function look(call: DatabaseCall<{ readonly deep?: true }>): Promise<void> {
  const isDeep = call.options.deep === true;
  const checked = async (client: Client): Promise<Row[]> => {
    const found: Row[] = isDeep ? await corruptions(call, client) : [];
    for (const [name, text] of Object.entries(CHECKS)) {
      const { rows } = await client.query<{ finding: string }>(text);
      found.push(...rows.map(({ finding }) => ({ check: name, finding })));
    }
    return found;
  };
  // A table that is broken is one finding among others, and would be the end of a transaction.
  const findings = await (isDeep ? withClient(call, checked) : withReader(call, checked));
  const text = findings.length === 0 ? 'nothing is wrong' : tableText(['check', 'finding'], findings).trimEnd();
  await printResult(call, { checks: [...(isDeep ? ['corruption'] : []), ...Object.keys(CHECKS)], findings }, text);
  if (findings.length > 0) call.terminal.exitCode = EXIT.findings;
}
