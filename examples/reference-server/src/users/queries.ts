import type { Pool } from 'pg';
import { pageOf, type Page } from '../pagination.js';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly createdAt: Date;
}

const COLUMNS = `id, email, name, created_at AS "createdAt"`;

export async function findUsers(
  pool: Pool,
  page: { limit: number; offset: number; cursor?: string | undefined },
): Promise<Page<User>> {
  const { rows } = await pool.query<User>(`SELECT ${COLUMNS} FROM users WHERE id > $1 ORDER BY id LIMIT $2 OFFSET $3`, [
    page.cursor ?? '0',
    page.limit + 1,
    page.cursor === undefined ? page.offset : 0,
  ]);
  return pageOf(rows, page.limit);
}

export async function findUser(pool: Pool, id: string): Promise<User | undefined> {
  const { rows } = await pool.query<User>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [id]);
  return rows[0];
}
