import type { Client } from '../database/with-client.js';

const OWN = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`;

/** What a restore would meet: everything but the schema public itself and extensions. */
const INHABITANTS = `
  SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND ${OWN}
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'))
    + (SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OWN}
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'))
    + (SELECT count(*) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype IN ('e', 'd') AND ${OWN}
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'))
    + (SELECT count(*) FROM pg_namespace n WHERE n.nspname <> 'public' AND ${OWN}
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e'))
    + (SELECT count(*) FROM pg_largeobject_metadata) AS count`;

/** Statements that leave nothing of a dump's kind. Public comes back as it was: pg_dump does not make it. */
const EMPTYING = `
  SELECT format('DROP PUBLICATION %I', pubname) AS sql FROM pg_publication
  UNION ALL SELECT format('SELECT pg_catalog.lo_unlink(%s)', oid) FROM pg_largeobject_metadata
  UNION ALL SELECT format('DROP SCHEMA %I CASCADE', n.nspname) FROM pg_namespace n WHERE ${OWN}
  UNION ALL SELECT 'CREATE SCHEMA public'
  UNION ALL SELECT format('ALTER SCHEMA public OWNER TO %I', pg_get_userbyid(nspowner)) FROM pg_namespace WHERE nspname = 'public'
  UNION ALL
  SELECT format('GRANT %s ON SCHEMA public TO %s', a.privilege_type, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END)
  FROM pg_namespace s, aclexplode(s.nspacl) a WHERE s.nspname = 'public'
  UNION ALL SELECT 'COMMENT ON SCHEMA public IS ''standard public schema'''`;

/** How many objects are in the database. */
export async function inhabitantsOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(INHABITANTS);
  return Number(rows[0]?.count ?? 0);
}

/** Somebody who uses the tables would make the restore wait, and others behind it. */
const LOCK_TIMEOUT = "SET LOCAL lock_timeout = '30s'";

/** What empties the database, to be run in the transaction of the restore. */
export async function emptyingSql(client: Client): Promise<string> {
  const { rows } = await client.query<{ sql: string }>(EMPTYING);
  return [LOCK_TIMEOUT, ...rows.map(({ sql }) => sql)].map((sql) => `${sql};\n`).join('');
}
