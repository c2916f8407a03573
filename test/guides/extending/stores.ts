import type { ApiKeyStore, AuditStore } from 'express-runbook';
import type { Pool } from 'pg';

interface KeyRow {
  readonly digest: string;
  readonly prefix: string;
  readonly client_id: string;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

export function apiKeyTable(pool: Pool): ApiKeyStore {
  return {
    async add({ digest, prefix, name, principal, expiresAt }) {
      await pool.query(
        'INSERT INTO api_keys (digest, prefix, name, client_id, expires_at) VALUES ($1, $2, $3, $4, $5)',
        [digest, prefix, name, principal.clientId, expiresAt],
      );
    },
    // Also a key that was revoked or has expired: whoever uses it is worth a warning, and that is not the store's to decide.
    async find(digest) {
      const { rows } = await pool.query<KeyRow>('SELECT * FROM api_keys WHERE digest = $1', [digest]);
      const [row] = rows;
      if (row === undefined) return undefined;
      const { prefix, client_id: clientId, expires_at: expiresAt, revoked_at: revokedAt } = row;
      return {
        digest: row.digest,
        prefix,
        principal: { clientId },
        expiresAt: expiresAt ?? undefined,
        revokedAt: revokedAt ?? undefined,
      };
    },
  };
}

/** On a connection of its own and not in the transaction of the change: an attempt that is rolled back was one all the same. */
export function auditTable(pool: Pool): AuditStore {
  return {
    async append(record) {
      const { eventId, phase, action, at } = record;
      await pool.query(
        'INSERT INTO audit_events (event_id, phase, action, record, created_at) VALUES ($1, $2, $3, $4, $5)',
        [eventId, phase, action, record, at],
      );
    },
  };
}
