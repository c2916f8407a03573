import type { AuditStore } from 'express-runbook';
import type { Pool } from 'pg';

/** On a connection of its own, not in the transaction of the change: an attempt that is rolled back was one all the same. */
export function auditStore(pool: Pool): AuditStore {
  return {
    async append({ eventId, phase, action, target, userId, clientId, requestId, correlationId, details, at }) {
      await pool.query(
        `INSERT INTO audit_logs (event_id, phase, action, target_type, target_id, user_id, client_id, request_id,
                                 correlation_id, details, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          eventId,
          phase,
          action,
          target?.type,
          target?.id,
          userId,
          clientId,
          requestId,
          correlationId,
          details ?? {},
          at,
        ],
      );
    },
  };
}
