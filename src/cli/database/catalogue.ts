import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';
import type { Client } from './with-client.js';

/** A table that is there; only what comes from the catalogue gets into SQL. */
export interface Relation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Quoted, with its schema: for SQL. */
  readonly sql: string;
}

const MAX_BYTES = 63;

// As the whole name first: a name may have dots in it.
const FIND = `
  SELECT c.oid::int AS oid, n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS sql
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm')
    AND (c.relname = $1 AND pg_table_is_visible(c.oid) OR n.nspname || '.' || c.relname = $1)
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  ORDER BY c.relname = $1 DESC`;

/** The table of this name, or of schema.name, as it is written in the catalogue. */
export async function relationOf(client: Client, given: string): Promise<Relation> {
  const isTooLong = given.split('.').some((part) => Buffer.byteLength(part) > MAX_BYTES);
  if (given.includes('\0') || isTooLong) throw noTable(given);
  const [relation] = (await client.query<Relation>(FIND, [given])).rows;
  if (relation === undefined) throw noTable(given);
  return relation;
}

/** What a statement of maintenance works on. */
export interface Target {
  readonly kind: 'TABLE' | 'DATABASE';
  /** Quoted, for SQL. */
  readonly sql: string;
  /** What a person types to confirm. */
  readonly word: string;
}

/** The table that was given, or the database that this is connected to. */
export async function targetOf(client: Client, given: string | undefined): Promise<Target> {
  if (given !== undefined) return { kind: 'TABLE', sql: (await relationOf(client, given)).sql, word: given };
  const { rows } = await client.query<{ sql: string; name: string }>(
    `SELECT format('%I', current_database()) AS sql, current_database() AS name`,
  );
  return { kind: 'DATABASE', sql: rows[0]?.sql ?? '', word: rows[0]?.name ?? '' };
}

function noTable(given: string): CommandError {
  const name = visible(given.length > MAX_BYTES ? `${given.slice(0, MAX_BYTES)}…` : given);
  return new CommandError(`there is no table ${JSON.stringify(name)} in this database`, EXIT.failed);
}
