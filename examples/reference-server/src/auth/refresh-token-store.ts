import type { RefreshTokenRecord, RefreshTokenStore } from 'express-runbook/auth';
import type { Pool } from 'pg';

// One statement: of two calls with the same token the second waits for the row and then finds it used.
const ROTATE = `
  WITH used AS (
    UPDATE refresh_tokens t SET used_at = now()
    FROM refresh_token_families f
    WHERE t.id = $1 AND t.used_at IS NULL AND f.id = t.family_id AND f.ended_at IS NULL
    RETURNING t.family_id
  )
  INSERT INTO refresh_tokens (id, family_id, expires_at) SELECT $2, family_id, $3 FROM used`;

const WAS_USED = `
  SELECT FROM refresh_tokens t JOIN refresh_token_families f ON f.id = t.family_id
  WHERE t.id = $1 AND t.used_at IS NOT NULL AND f.ended_at IS NULL`;

const FORGET_EXPIRED = `
  DELETE FROM refresh_token_families f
  WHERE user_id = $1 AND NOT EXISTS (SELECT FROM refresh_tokens t WHERE t.family_id = f.id AND t.expires_at > now())`;

/** Whether a token is good is asked of its family, so that ending one takes along what is just being added to it. */
export function refreshTokenStore(pool: Pool): RefreshTokenStore {
  return {
    async begin({ id, familyId, principal, expiresAt }) {
      await pool.query(FORGET_EXPIRED, [principal.userId]);
      await pool.query(
        `WITH family AS (INSERT INTO refresh_token_families (id, user_id, client_id) VALUES ($1, $2, $3) RETURNING id)
         INSERT INTO refresh_tokens (id, family_id, expires_at) SELECT $4, id, $5 FROM family`,
        [familyId, principal.userId, principal.clientId, id, expiresAt],
      );
    },
    async rotate(usedId: string, next: RefreshTokenRecord) {
      const { rowCount } = await pool.query(ROTATE, [usedId, next.id, next.expiresAt]);
      if (rowCount === 1) return 'rotated';
      const used = await pool.query(WAS_USED, [usedId]);
      return used.rowCount === 1 ? 'reused' : 'unknown';
    },
    async end(familyId) {
      await pool.query('UPDATE refresh_token_families SET ended_at = now() WHERE id = $1 AND ended_at IS NULL', [
        familyId,
      ]);
    },
  };
}
