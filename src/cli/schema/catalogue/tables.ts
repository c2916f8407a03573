import { own, qualified } from './own.js';

const TABLE = qualified('c', 'relname', 'relnamespace');

/** $1 is the table that remembers the migrations, by its oid. */
const MINE = `c.relkind IN ('r', 'p') AND c.oid IS DISTINCT FROM $1::oid AND ${own('c', 'pg_class', 'relnamespace')}`;

/** The columns of the table that an object was made of. */
const columnsUsedBy = (catalogue: string, objects: string): string => `ARRAY(
  SELECT DISTINCT u.attname::text FROM pg_depend d JOIN pg_attribute u ON u.attrelid = d.refobjid AND u.attnum = d.refobjsubid
  WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0
    AND d.classid = '${catalogue}'::regclass AND ${objects} ORDER BY 1)`;

// Partitions and parents of an inheritance are more than their columns: no migration is generated for them.
export const TABLES = `
  SELECT ${TABLE} AS name,
    c.relkind = 'r' AND NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent))
      AS "isPlain"
  FROM pg_class c WHERE ${MINE} ORDER BY 1`;

// A generated column depends on others by itself since version 15, and before by its expression.
export const COLUMNS = `
  SELECT ${TABLE} AS table, format('%I', a.attname) AS name, a.attname::text AS raw,
    format_type(a.atttypid, a.atttypmod) AS type, format_type(a.atttypid, NULL) AS "baseType",
    (SELECT ${qualified('k', 'collname', 'collnamespace')} FROM pg_collation k
      WHERE k.oid = a.attcollation AND a.attcollation <> t.typcollation) AS collation,
    (SELECT ${qualified('e', 'typname', 'typnamespace')} FROM pg_type e
      WHERE e.typtype = 'e' AND e.oid IN (t.oid, t.typelem)) AS enum,
    a.attnotnull AS "isRequired", pg_get_expr(x.adbin, x.adrelid) AS expression,
    a.attgenerated::text AS generated, a.attidentity::text AS identity,
    CASE WHEN a.attgenerated = '' THEN ARRAY[]::text[] ELSE ARRAY(
      SELECT DISTINCT u.attname::text FROM pg_depend d JOIN pg_attribute u ON u.attrelid = d.refobjid AND u.attnum = d.refobjsubid
      WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid NOT IN (0, a.attnum)
        AND (d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = a.attnum
          OR d.classid = 'pg_attrdef'::regclass AND d.objid = x.oid) ORDER BY 1) END AS uses
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef x ON x.adrelid = c.oid AND x.adnum = a.attnum
  WHERE ${MINE} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum`;

// NOT NULL is a constraint of its own since version 18; the column tells it in every version.
export const CONSTRAINTS = `
  SELECT ${TABLE} AS table, format('%I', k.conname) AS name, k.contype::text AS type, pg_get_constraintdef(k.oid) AS definition,
    ${columnsUsedBy('pg_constraint', 'd.objid = k.oid')} AS uses,
    (SELECT ${qualified('r', 'relname', 'relnamespace')} FROM pg_class r WHERE r.oid = k.confrelid) AS references,
    ARRAY(SELECT u.attname::text FROM pg_attribute u WHERE u.attrelid = k.confrelid AND u.attnum = ANY (k.confkey))
      AS "referencedColumns",
    (SELECT format('%I', i.relname) FROM pg_class i WHERE i.oid = k.conindid) AS key
  FROM pg_class c JOIN pg_constraint k ON k.conrelid = c.oid
  WHERE ${MINE} AND k.contype IN ('p', 'u', 'c', 'x', 'f') ORDER BY 1, 2`;

export const INDEXES = `
  SELECT ${TABLE} AS table, format('%I', x.relname) AS name, ${qualified('x', 'relname', 'relnamespace')} AS sql,
    pg_get_indexdef(x.oid) AS definition, i.indexprs IS NOT NULL OR i.indpred IS NOT NULL AS "hasExpression",
    ${columnsUsedBy('pg_class', 'd.objid = x.oid')} AS uses
  FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid
  WHERE ${MINE} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))
  ORDER BY 1, 2`;

export const ENUMS = `
  SELECT ${qualified('t', 'typname', 'typnamespace')} AS name,
    (SELECT format('%I', n.nspname) FROM pg_namespace n WHERE n.oid = t.typnamespace) AS schema,
    ARRAY(SELECT quote_literal(e.enumlabel) FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels
  FROM pg_type t WHERE t.typtype = 'e' AND ${own('t', 'pg_type', 'typnamespace')} ORDER BY 1`;

export const SEQUENCES = `
  SELECT ${qualified('s', 'relname', 'relnamespace')} AS name, format('%I', s.relname) AS "bareName", ${TABLE} AS table,
    format('%I', a.attname) AS column, a.attname::text AS "rawColumn", d.deptype = 'i' AS "isIdentity",
    format_type(q.seqtypid, NULL) AS type,
    s.relname = c.relname || '_' || a.attname || '_seq' AND s.relnamespace = c.relnamespace
      AND q.seqincrement = 1 AND q.seqmin = 1 AND q.seqstart = 1 AND q.seqcache = 1 AND NOT q.seqcycle
      AND q.seqmax = (2::numeric ^ (8 * y.typlen - 1) - 1)::bigint AS "isUsual",
    format('INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s %s', q.seqincrement, q.seqmin, q.seqmax, q.seqstart,
      q.seqcache, CASE WHEN q.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END) AS settings
  FROM pg_sequence q JOIN pg_class s ON s.oid = q.seqrelid JOIN pg_type y ON y.oid = q.seqtypid
  JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass
    AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
  JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
  WHERE ${MINE} ORDER BY 1`;
