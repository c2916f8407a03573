import type { Command } from 'commander';
import { confirm } from '../../confirm.js';
import { relationOf } from '../../database/catalogue.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { withClient, type Client } from '../../database/with-client.js';
import { said, wholeNumber } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { planArchive, type ArchivePlan } from './archive-plan.js';

interface ArchiveOptions {
  readonly into?: string;
  readonly olderThan?: number;
  readonly column?: string;
  readonly status?: string;
  readonly batch?: number;
  readonly dryRun?: true;
  readonly yes?: true;
}

const DAYS = 90;
const BATCH = 10_000;
const MAX_DAYS = 36_500;
const MAX_BATCH = 1_000_000;

export function archive(group: Command, terminal: Terminal): void {
  const command = group
    .command('archive')
    .description('Moves old rows of a table into another with the same columns, a batch per transaction. Asks first.')
    .argument('<table>', 'the table, or schema.table')
    .option('--into <table>', 'where to (default: the name of the table and _archive)', said)
    .option('--older-than <days>', `rows older than so many days (default: ${DAYS})`, wholeNumber(0, MAX_DAYS))
    .option('--column <name>', 'the column that says how old a row is (default: created_at)', said)
    .option('--status <value>', 'only rows with this status, e.g. completed', said)
    .option('--batch <rows>', `rows per transaction (default: ${BATCH})`, wholeNumber(1, MAX_BATCH))
    .option('--yes', 'do not ask')
    .option('--dry-run', 'count the rows, and move none');
  onDatabase(command, terminal, run);
}

async function run(call: DatabaseCall<ArchiveOptions>): Promise<void> {
  const [given = ''] = call.args;
  const {
    into = `${given}_archive`,
    olderThan = DAYS,
    column = 'created_at',
    status,
    batch = BATCH,
    dryRun,
    yes,
  } = call.options;
  const { plan, rows } = await withClient(call, async (client) => {
    const [from, to] = [await relationOf(client, given), await relationOf(client, into)];
    const made = await planArchive(client, from, to, { column, olderThan, status });
    return { plan: made, rows: await countRows(client, made) };
  });
  const what = `${rows} rows of ${plan.from.sql} to ${plan.to.sql}`;
  if (dryRun === true) return printResult(call, { wouldMove: rows }, `would move ${what}`);
  if (rows > 0) await confirm(call, `this moves ${what}`, given, yes === true);
  const moved = await withClient(call, (client) => moveAll(call, client, plan, batch));
  return printResult(call, { moved }, `moved ${moved} rows of ${plan.from.sql} to ${plan.to.sql}`);
}

async function countRows(client: Client, { from, where, values }: ArchivePlan): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::float8 AS count FROM ${from.sql} WHERE ${where}`,
    [...values],
  );
  return rows[0]?.count ?? 0;
}

/** One statement per batch: what is deleted is what is inserted, whatever else happens meanwhile. */
async function moveAll(call: DatabaseCall, client: Client, plan: ArchivePlan, batch: number): Promise<number> {
  let moved = 0;
  for (;;) {
    call.signal.throwIfAborted();
    const count = (await client.query(plan.moveSql, [...plan.values, batch])).rowCount ?? 0;
    moved += count;
    if (count === 0) return moved;
    call.terminal.complain(`moved ${moved} rows\n`);
  }
}
