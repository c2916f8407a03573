/** Whether a row of a catalogue is the user's: neither of the system nor brought by an extension. */
export function own(row: string, catalogue: string, namespace?: string): string {
  // A range type brings functions and a cast along.
  const parts = catalogue === 'pg_class' ? `('e')` : `('e', 'i')`;
  const isUsers = `NOT EXISTS (SELECT FROM pg_depend e
    WHERE e.classid = 'pg_catalog.${catalogue}'::regclass AND e.objid = ${row}.oid AND e.deptype IN ${parts})`;
  if (namespace === undefined) return `${row}.oid >= 16384 AND ${isUsers}`;
  return `${isUsers} AND EXISTS (SELECT FROM pg_namespace o WHERE o.oid = ${row}.${namespace}
    AND o.nspname !~ '^pg_' AND o.nspname <> 'information_schema')`;
}

/** The name of a row with its schema, quoted. */
export function qualified(row: string, name: string, namespace: string): string {
  return `(SELECT format('%I.%I', q.nspname, ${row}.${name}) FROM pg_namespace q WHERE q.oid = ${row}.${namespace})`;
}
