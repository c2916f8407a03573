import type { DatabaseCall } from '../../database/on-database.js';
import type { Client } from '../../database/with-client.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import type { Row } from '../../table-text.js';
import { visible } from '../../visible.js';

const PROGRESS_EVERY_MS = 5000;

// Of partitions, each by itself; those of other sessions' temporary tables cannot be read.
const RELATIONS = `
  SELECT c.oid::text AS oid, format('%I.%I', n.nspname, c.relname) AS name, c.relkind = 'i' AS "isIndex",
    pg_relation_size(c.oid)::float8 AS bytes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relpersistence <> 't' AND (c.relkind IN ('r', 'm', 't')
    OR c.relkind = 'i' AND c.relam = (SELECT oid FROM pg_am WHERE amname = 'btree')
      AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = c.oid AND i.indisvalid))
  ORDER BY bytes DESC`;
const CORRUPTED = new Set(['XX001', 'XX002']);

/**
 * Reads every row and every entry of every B-tree index with the extension amcheck
 * (https://www.postgresql.org/docs/current/amcheck.html); takes the locks of a reader.
 */
export async function corruptions(call: DatabaseCall, client: Client): Promise<Row[]> {
  const schema = await schemaOfAmcheck(client);
  const { rows: relations } = await client.query<{ oid: string; name: string; isIndex: boolean }>(RELATIONS);
  const found: Row[] = [];
  let toldAt = performance.now();
  for (const [at, { oid, name, isIndex }] of relations.entries()) {
    call.signal.throwIfAborted();
    if (performance.now() - toldAt > PROGRESS_EVERY_MS) {
      toldAt = performance.now();
      call.terminal.complain(`checking ${at + 1} of ${relations.length}: ${visible(name)}\n`);
    }
    const findings = isIndex ? await ofIndex(client, schema, oid) : await ofTable(client, schema, oid);
    found.push(...findings.map((finding) => ({ check: 'corruption', finding: `${name}: ${finding}` })));
  }
  return found;
}

async function schemaOfAmcheck(client: Client): Promise<string> {
  const { rows } = await client.query<{ schema: string }>(
    `SELECT format('%I', n.nspname) AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
     WHERE e.extname = 'amcheck'`,
  );
  if (rows[0] !== undefined) return rows[0].schema;
  throw new CommandError('--deep needs the extension amcheck: CREATE EXTENSION amcheck, as a superuser', EXIT.failed);
}

async function ofIndex(client: Client, schema: string, oid: string): Promise<string[]> {
  try {
    await client.query(`SELECT ${schema}.bt_index_check($1::oid::regclass, true)`, [oid]);
    return [];
  } catch (error) {
    return [corruption(error)];
  }
}

async function ofTable(client: Client, schema: string, oid: string): Promise<string[]> {
  try {
    const text = `SELECT format('block %s: %s', blkno, msg) AS finding FROM ${schema}.verify_heapam($1::oid::regclass) LIMIT 10`;
    return (await client.query<{ finding: string }>(text, [oid])).rows.map(({ finding }) => finding);
  } catch (error) {
    return [corruption(error)];
  }
}

/** Any other error is none of what was asked for: no privilege, a lock, an interruption. */
function corruption(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  if (code !== undefined && CORRUPTED.has(code)) return message;
  throw error;
}
