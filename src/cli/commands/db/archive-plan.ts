import type { Relation } from '../../database/catalogue.js';
import type { Client } from '../../database/with-client.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { visible } from '../../visible.js';

export interface ArchivePlan {
  readonly from: Relation;
  readonly to: Relation;
  /** With the parameters $1 … of `values`. */
  readonly where: string;
  readonly values: readonly unknown[];
  /** Moves one batch; its size is one parameter more. Its row count is that of the rows moved. */
  readonly moveSql: string;
}

export interface WhichRows {
  readonly column: string;
  readonly olderThan: number;
  readonly status: string | undefined;
}

interface Column {
  readonly name: string;
  readonly sql: string;
  readonly type: string;
}

const COLUMNS = `
  SELECT attname AS name, format('%I', attname) AS sql, format_type(atttypid, atttypmod) AS type
  FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`;

/** Tables whose rows would be deleted or emptied along with those that are moved. */
const CASCADES = `
  SELECT conrelid::regclass::text AS table FROM pg_constraint
  WHERE contype = 'f' AND confrelid = $1 AND confdeltype IN ('c', 'n', 'd')`;

/** Columns go by name, so their order may differ; what does not fit is refused before the first row is moved. */
export async function planArchive(
  client: Client,
  from: Relation,
  to: Relation,
  which: WhichRows,
): Promise<ArchivePlan> {
  if (from.oid === to.oid) throw refused(`${from.sql} cannot be archived into itself`);
  const columns = await columnsOf(client, from);
  const target = new Map((await columnsOf(client, to)).map((column) => [column.name, column.type]));
  const unfit = columns.filter(({ name, type }) => target.get(name) !== type);
  if (unfit.length > 0) {
    const names = unfit.map(({ sql, type }) => `${sql} ${type}`).join(', ');
    throw refused(`${to.sql} lacks columns of ${from.sql}, or has them with another type: ${names}`);
  }
  const { rows: cascades } = await client.query<{ table: string }>(CASCADES, [from.oid]);
  if (cascades.length > 0) {
    const tables = cascades.map(({ table }) => table).join(', ');
    throw refused(
      `deleting rows of ${from.sql} would change ${tables} by a foreign key: archive those first, and drop the cascade`,
    );
  }
  return planOf(from, to, columns, which);
}

function planOf(from: Relation, to: Relation, columns: readonly Column[], which: WhichRows): ArchivePlan {
  const { column, olderThan, status } = which;
  const conditions = [`${sqlOf(columns, column, from)} < now() - make_interval(days => $1::int)`];
  if (status !== undefined) conditions.push(`${sqlOf(columns, 'status', from)}::text = $2`);
  const values = status === undefined ? [olderThan] : [olderThan, status];
  const where = conditions.join(' AND ');
  const names = columns.map(({ sql }) => sql).join(', ');
  const moveSql = `
    WITH batch AS (
      SELECT tableoid, ctid FROM ${from.sql} WHERE ${where} LIMIT $${values.length + 1} FOR UPDATE SKIP LOCKED
    ), moved AS (
      DELETE FROM ${from.sql} t USING batch WHERE t.ctid = batch.ctid AND t.tableoid = batch.tableoid RETURNING t.*
    )
    INSERT INTO ${to.sql} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM moved`;
  return { from, to, where, values, moveSql };
}

async function columnsOf(client: Client, { oid }: Relation): Promise<Column[]> {
  return (await client.query<Column>(COLUMNS, [oid])).rows;
}

function sqlOf(columns: readonly Column[], name: string, { sql }: Relation): string {
  const column = columns.find((one) => one.name === name);
  if (column === undefined) throw refused(`${sql} has no column ${JSON.stringify(name)}`);
  return column.sql;
}

function refused(message: string): CommandError {
  return new CommandError(visible(message), EXIT.failed);
}
