export { createAuditLog, type AuditedAction, type AuditLog } from './audit-log.js';
export { AUDIT_LOG_DEFAULTS, type AuditLogOptions } from './options.js';
export type { AuditDetails, AuditEvent, AuditPhase, AuditRecord, AuditStore } from './audit-record.js';
