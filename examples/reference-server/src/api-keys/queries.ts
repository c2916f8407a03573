import { findPage, type Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { PageRequest } from '../pagination.js';

export interface ApiKey {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly prefix: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

const COLUMNS = `id, client_id AS "clientId", name, prefix, created_at AS "createdAt", expires_at AS "expiresAt",
  revoked_at AS "revokedAt"`;

/** In pages: those that were revoked stay, so that their number only grows. */
export function findApiKeys(pool: Pool, userId: string, page: PageRequest): Promise<Page<ApiKey>> {
  return findPage(pool, {
    text: `SELECT ${COLUMNS} FROM api_keys WHERE user_id = $1`,
    values: [userId],
    orderBy: ['id'],
    ...page,
  });
}

/** A client is a user's when they have a key of it; so nobody can make keys for somebody else's. */
export async function isClientOf(pool: Pool, userId: string, clientId: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM api_keys WHERE user_id = $1 AND client_id = $2 LIMIT 1', [
    userId,
    clientId,
  ]);
  return rowCount === 1;
}

export async function findApiKey(pool: Pool, digest: string): Promise<ApiKey | undefined> {
  const { rows } = await pool.query<ApiKey>(`SELECT ${COLUMNS} FROM api_keys WHERE digest = $1`, [digest]);
  return rows[0];
}

/** A key that was revoked stays so; its time does not change. */
export async function revokeApiKey(pool: Pool, userId: string, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    'UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE user_id = $1 AND id = $2',
    [userId, id],
  );
  return rowCount === 1;
}
