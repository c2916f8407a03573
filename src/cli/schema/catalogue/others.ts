import { own, qualified } from './own.js';

const acl = (column: string): string =>
  `coalesce((SELECT string_agg(g::text, ' ' ORDER BY g::text) FROM unnest(${column}) g), '')`;
const options = (column: string): string => `coalesce(array_to_string(${column}, ' '), '')`;
const relation = qualified('c', 'relname', 'relnamespace');
const ownRelation = own('c', 'pg_class', 'relnamespace');

/** Each gives kind, name and a text that is the same when the object is; $1 is the table that remembers the migrations. */
const OTHERS: readonly string[] = [
  `SELECT 'schema', format('%I', c.nspname), ${acl('c.nspacl')} FROM pg_namespace c
   WHERE c.nspname !~ '^pg_' AND c.nspname <> 'information_schema' AND NOT EXISTS
     (SELECT FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = c.oid AND e.deptype = 'e')`,
  `SELECT 'extension', format('%I', x.extname), format('version %s in %I', x.extversion, n.nspname)
   FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace`,
  `SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, ${relation},
     concat_ws(E'\\n', pg_get_viewdef(c.oid), ${options('c.reloptions')}, (SELECT string_agg(pg_get_indexdef(i.indexrelid), E'\\n'
       ORDER BY i.indexrelid::regclass::text) FROM pg_index i WHERE i.indrelid = c.oid))
   FROM pg_class c WHERE c.relkind IN ('v', 'm') AND ${ownRelation}`,
  `SELECT CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'composite type' END, ${relation},
     (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attfdwoptions), ', '
       ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
     || coalesce((SELECT format(' server %s %s', s.srvname, t.ftoptions) FROM pg_foreign_table t
       JOIN pg_foreign_server s ON s.oid = t.ftserver WHERE t.ftrelid = c.oid), '')
   FROM pg_class c WHERE c.relkind IN ('f', 'c') AND ${ownRelation}`,
  `SELECT 'sequence', ${relation}, (to_jsonb(q) - 'seqrelid')::text FROM pg_class c JOIN pg_sequence q ON q.seqrelid = c.oid
   WHERE ${ownRelation} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
     AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))`,
  `SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, p.oid::regprocedure::text,
     concat_ws(' ', CASE WHEN p.prokind = 'a' THEN (SELECT concat_ws(' ', g.aggtransfn, g.aggfinalfn, g.agginitval,
       format_type(g.aggtranstype, NULL)) FROM pg_aggregate g WHERE g.aggfnoid = p.oid) ELSE pg_get_functiondef(p.oid) END,
       ${acl('p.proacl')})
   FROM pg_proc p WHERE ${own('p', 'pg_proc', 'pronamespace')}`,
  `SELECT 'trigger', format('%I on %s', t.tgname, ${relation}), pg_get_triggerdef(t.oid) || t.tgenabled::text
   FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND ${ownRelation}`,
  `SELECT 'rule', format('%I on %s', r.rulename, ${relation}), pg_get_ruledef(r.oid) || r.ev_enabled::text
   FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN' AND ${ownRelation}`,
  `SELECT 'policy', format('%I on %s', p.polname, ${relation}), concat_ws(' ', p.polcmd, p.polpermissive,
     ARRAY(SELECT coalesce(r.rolname, 'public') FROM unnest(p.polroles) o LEFT JOIN pg_roles r ON r.oid = o ORDER BY 1),
     pg_get_expr(p.polqual, p.polrelid), '/', pg_get_expr(p.polwithcheck, p.polrelid))
   FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE ${ownRelation}`,
  `SELECT CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' ELSE 'type' END,
     ${qualified('t', 'typname', 'typnamespace')}, concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
       (SELECT string_agg(k.conname || pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname) FROM pg_constraint k
         WHERE k.contypid = t.oid AND k.contype <> 'n'),
       (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid), ${acl('t.typacl')})
   FROM pg_type t WHERE t.typtype IN ('d', 'r', 'b') AND t.typelem = 0 AND ${own('t', 'pg_type', 'typnamespace')}`,
  `SELECT 'settings of table', ${relation}, s.said FROM pg_class c CROSS JOIN LATERAL (SELECT concat_ws(' ',
     CASE WHEN c.relpersistence = 'u' THEN 'unlogged' END, c.reloptions::text,
     (SELECT spcname FROM pg_tablespace WHERE oid = c.reltablespace),
     (SELECT amname FROM pg_am WHERE oid = c.relam AND amname <> current_setting('default_table_access_method')),
     CASE WHEN c.relrowsecurity THEN 'row security' END, CASE WHEN c.relforcerowsecurity THEN 'forced' END,
     CASE WHEN c.relreplident <> 'd' THEN 'replica identity ' || c.relreplident::text END,
     CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
     CASE WHEN pg_get_userbyid(c.relowner) <> current_user THEN 'owner ' || pg_get_userbyid(c.relowner) END,
     (SELECT string_agg(x.relname || ' ' || concat_ws(' ', (SELECT spcname FROM pg_tablespace WHERE oid = x.reltablespace),
         CASE WHEN i.indisclustered THEN 'clustered' END, CASE WHEN i.indisreplident THEN 'identity' END), ', ' ORDER BY x.relname)
       FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
       WHERE i.indrelid = c.oid AND (x.reltablespace <> 0 OR i.indisclustered OR i.indisreplident))) AS said) s
   WHERE c.relkind IN ('r', 'p') AND s.said <> '' AND c.oid IS DISTINCT FROM $1::oid AND ${ownRelation}`,
  // The target of statistics was -1 where it is null since version 17.
  `SELECT 'settings of column', format('%s.%I', ${relation}, a.attname), s.said
   FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
   CROSS JOIN LATERAL (SELECT concat_ws(' ', CASE WHEN a.attstorage <> t.typstorage THEN 'storage ' || a.attstorage::text END,
     CASE WHEN a.attstattarget >= 0 THEN 'statistics ' || a.attstattarget END,
     CASE WHEN a.attcompression <> '' THEN 'compression ' || a.attcompression::text END, a.attoptions::text) AS said) s
   WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND s.said <> ''
     AND c.oid IS DISTINCT FROM $1::oid AND ${ownRelation}`,
  `SELECT 'partitions or inheritance of', ${relation}, concat_ws(' ', pg_get_partkeydef(c.oid),
     pg_get_expr(c.relpartbound, c.oid), (SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
       FROM pg_inherits i WHERE i.inhrelid = c.oid))
   FROM pg_class c WHERE c.relkind IN ('r', 'p') AND ${ownRelation}
     AND (c.relkind = 'p' OR EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)))`,
  `SELECT 'privileges on', ${relation}, ${acl('c.relacl')} FROM pg_class c
   WHERE c.relacl IS NOT NULL AND c.oid IS DISTINCT FROM $1::oid AND ${ownRelation}`,
  `SELECT 'privileges on', format('%s.%I', ${relation}, a.attname), ${acl('a.attacl')}
   FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE a.attacl IS NOT NULL AND ${ownRelation}`,
  `SELECT 'default privileges', concat_ws(' ', pg_get_userbyid(d.defaclrole), d.defaclobjtype, n.nspname), ${acl('d.defaclacl')}
   FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace`,
  `SELECT 'statistics object', ${qualified('s', 'stxname', 'stxnamespace')}, pg_get_statisticsobjdef(s.oid)
   FROM pg_statistic_ext s WHERE ${own('s', 'pg_statistic_ext', 'stxnamespace')}`,
  `SELECT 'publication of', format('%I.%I in %I', schemaname, tablename, pubname), '' FROM pg_publication_tables`,
  `SELECT 'comment on', format('%s %s', o.type, o.identity), d.description
   FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) o
   WHERE d.objoid >= 16384 AND d.classoid <> 'pg_extension'::regclass AND d.objoid IS DISTINCT FROM $1::oid AND NOT EXISTS (SELECT FROM pg_depend e
     WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')`,
];

// Seldom made. Their numbers are of this database alone, so none of five digits is compared.
const SELDOM = `pg_collation pg_operator pg_opclass pg_opfamily pg_cast pg_conversion pg_ts_config pg_ts_dict pg_ts_parser
  pg_ts_template pg_foreign_data_wrapper pg_foreign_server pg_publication pg_event_trigger pg_language pg_transform pg_am`;

const seldom = SELDOM.split(/\s+/).map(
  (catalogue) => `SELECT o.type, o.identity, regexp_replace(to_jsonb(r)::text, '\\m\\d{5,}\\M', '#', 'g')
   FROM ${catalogue} r CROSS JOIN LATERAL pg_identify_object('${catalogue}'::regclass, r.oid, 0) o WHERE ${own('r', catalogue)}`,
);

export const OTHER_OBJECTS = [...OTHERS, ...seldom].map((text) => `(${text})`).join('\nUNION ALL\n');
