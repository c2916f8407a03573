import type { ApiKeyStore } from 'express-runbook';
import type { Pool } from 'pg';

interface Row {
  readonly digest: string;
  readonly prefix: string;
  readonly userId: string;
  readonly clientId: string;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** What `bearerAuth()` asks. */
export function apiKeyStore(pool: Pool): ApiKeyStore {
  return {
    async add({ digest, prefix, name, principal, expiresAt }) {
      await pool.query(
        `INSERT INTO api_keys (user_id, client_id, name, prefix, digest, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [principal.userId, principal.clientId, name, prefix, digest, expiresAt],
      );
    },
    async find(digest) {
      const { rows } = await pool.query<Row>(
        `SELECT digest, prefix, user_id AS "userId", client_id AS "clientId", expires_at AS "expiresAt",
                revoked_at AS "revokedAt"
         FROM api_keys WHERE digest = $1`,
        [digest],
      );
      const row = rows[0];
      if (row === undefined) return undefined;
      const { userId, clientId, expiresAt, revokedAt, ...kept } = row;
      return {
        ...kept,
        principal: { userId, clientId },
        expiresAt: expiresAt ?? undefined,
        revokedAt: revokedAt ?? undefined,
      };
    },
  };
}
