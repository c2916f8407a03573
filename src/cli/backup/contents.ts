import { createHash } from 'node:crypto';
import type { BackupContents } from '../../index.js';
import type { Client } from '../database/with-client.js';

const OWN = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`;
const NO_PART_OF_EXTENSION = (catalogue: string, alias: string): string =>
  `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${alias}.oid AND e.deptype = 'e')`;

/** Partitioned tables have no rows of their own; what belongs to an extension is not in a dump. */
const TABLES = `
  SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'm') AND (c.relkind = 'r' OR c.relispopulated) AND ${OWN} AND ${NO_PART_OF_EXTENSION('pg_class', 'c')} ORDER BY 1`;

const COLUMNS = `
  SELECT CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'S' THEN 'sequence ' ELSE 'table ' END
      || c.oid::regclass AS name,
    coalesce(string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
      a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attname), '')
      || CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) ELSE '' END
      || CASE WHEN c.relrowsecurity THEN 'row security' ELSE '' END AS definition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND ${OWN} AND ${NO_PART_OF_EXTENSION('pg_class', 'c')} GROUP BY c.oid, c.relkind, c.relrowsecurity`;

const PARTS_OF_TABLES = `
  SELECT 'index ' || i.indexrelid::regclass AS name, pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OWN}
  UNION ALL
  SELECT 'constraint ' || k.conname || ' of ' || k.conrelid::regclass, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE k.conrelid <> 0 AND k.contype <> 'n' AND ${OWN}
  UNION ALL
  SELECT 'trigger ' || t.tgname || ' on ' || t.tgrelid::regclass, pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal
  UNION ALL
  SELECT 'policy ' || p.polname || ' on ' || p.polrelid::regclass,
    concat_ws(' ', p.polcmd, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_policy p`;

const REST = `
  SELECT 'function ' || p.oid::regprocedure AS name, CASE WHEN p.prokind IN ('f', 'p') THEN pg_get_functiondef(p.oid) ELSE '' END AS definition
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OWN} AND ${NO_PART_OF_EXTENSION('pg_proc', 'p')}
  UNION ALL
  SELECT 'type ' || format_type(t.oid, NULL), concat_ws(' ', format_type(nullif(t.typbasetype, 0), t.typtypmod),
    (SELECT string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd', 'r') AND ${OWN} AND ${NO_PART_OF_EXTENSION('pg_type', 't')}
  UNION ALL SELECT 'extension ' || extname, '' FROM pg_extension
  UNION ALL SELECT 'schema ' || n.nspname, '' FROM pg_namespace n WHERE ${OWN}`;

interface Defined {
  readonly name: string;
  readonly definition: string;
}

/** What is in the database, as its open transaction sees it. */
export async function readContents(client: Client): Promise<BackupContents> {
  // Every name with its schema; rows that a policy hides make an error, as they do in pg_dump.
  await client.query(`SET LOCAL search_path = ''; SET LOCAL row_security = off`);
  const schema: Record<string, string> = {};
  for (const text of [COLUMNS, PARTS_OF_TABLES, REST]) {
    const { rows } = await client.query<Defined>(text);
    for (const { name, definition } of rows) schema[name] = digestOf(definition);
  }
  const tables: Record<string, number> = {};
  for (const { name } of (await client.query<{ name: string }>(TABLES)).rows) {
    // The name comes from the catalogue, quoted where it must be.
    const { rows } = await client.query<{ count: number }>(`SELECT count(*)::float8 AS count FROM ONLY ${name}`);
    tables[name] = rows[0]?.count ?? 0;
  }
  return {
    tables,
    schema: Object.fromEntries(Object.entries(schema).sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/**
 * The server writes an expression down with other casts and brackets once it was read back from a dump:
 * `IN ('a', 'b')` on a varchar column, for one. Those do not count.
 */
const CAST =
  /::(?:character varying|timestamp with(?:out)? time zone|time with(?:out)? time zone|double precision|bit varying|"[^"]+"|[\w.]+)(?:\(\d+(?:,\d+)?\))?(?:\[\])*/g;

function digestOf(definition: string): string {
  const plain = definition.replaceAll(CAST, '').replaceAll(/[()\s]/g, '');
  return createHash('sha256').update(plain).digest('hex').slice(0, 16);
}

/** What a restored database has other than it should; empty when it is the same. */
export function differences(expected: BackupContents, actual: BackupContents): string[] {
  const objects = namesOf(expected.schema, actual.schema).flatMap((name) => {
    if (!(name in actual.schema)) return [`${name} is missing`];
    if (!(name in expected.schema)) return [`${name} is one too many`];
    return expected.schema[name] === actual.schema[name] ? [] : [`${name} is defined otherwise`];
  });
  const rows = namesOf(expected.tables, actual.tables).flatMap((name) => {
    const [want, got] = [expected.tables[name], actual.tables[name]];
    return want === undefined || got === undefined || want === got
      ? []
      : [`${name} has ${got} rows instead of ${want}`];
  });
  return [...objects, ...rows];
}

function namesOf(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}
