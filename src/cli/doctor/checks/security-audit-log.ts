import { check } from '../doctor-check.js';
import { fail, ok, warn } from '../finding.js';

const CURE = 'docs/guides/security.md: Who did what; the table of the reference server stands in its schema.sql';
/** What its triggers refuse; bits of pg_trigger.tgtype. */
const READ = `
  SELECT to_regclass('audit_logs') IS NOT NULL AS there,
    coalesce(bool_or(tgtype & 8 > 0), false) AS "DELETE",
    coalesce(bool_or(tgtype & 16 > 0), false) AS "UPDATE",
    coalesce(bool_or(tgtype & 32 > 0), false) AS "TRUNCATE"
  FROM pg_trigger
  WHERE tgrelid = to_regclass('audit_logs') AND NOT tgisinternal AND tgenabled <> 'D'`;

export const securityAuditLog = check({
  id: 'security.audit-log',
  title: 'checklist 10: there is an audit log that only grows',
  needs: ['database'],
  async run({ database }) {
    const [row] = await database.rows<Record<'there' | 'DELETE' | 'UPDATE' | 'TRUNCATE', boolean>>(READ);
    if (row?.there !== true) return fail('there is no table audit_logs', CURE);
    const open = (['UPDATE', 'DELETE', 'TRUNCATE'] as const).filter((verb) => !row[verb]);
    if (open.length === 0) return ok('audit_logs is there, and refuses to be changed');
    return warn(`no trigger keeps audit_logs from ${open.join(', ')}`, CURE);
  },
});
