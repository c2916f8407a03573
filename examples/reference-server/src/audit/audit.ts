import { createAuditLog, createRedactor, getContext, type AuditLog, type Ops } from 'express-runbook';
import type { Pool } from 'pg';
import { auditStore } from './store.js';

export interface Audit {
  /** Changes and credentials: in the audit channel and in the table `audit_logs`. What cannot be recorded is not done. */
  readonly changes: AuditLog;
  /** Who read what: in the audit channel alone, so that a read costs no write. */
  readonly reads: AuditLog;
}

export function createAudit(pool: Pool, { logger, metrics }: Ops): Audit {
  const parts = { logger, context: getContext, redactor: createRedactor(), registry: metrics.registry };
  return { changes: createAuditLog({ ...parts, store: auditStore(pool) }), reads: createAuditLog(parts) };
}
