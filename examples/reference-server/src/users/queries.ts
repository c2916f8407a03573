import { findPage, type Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { PageRequest } from '../pagination.js';

export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly createdAt: Date;
}

const COLUMNS = `id, email, name, created_at AS "createdAt"`;

export function findUsers(pool: Pool, page: PageRequest): Promise<Page<User>> {
  return findPage(pool, { text: `SELECT ${COLUMNS} FROM users`, orderBy: ['id'], ...page });
}

export async function findUser(pool: Pool, id: string): Promise<User | undefined> {
  const { rows } = await pool.query<User>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [id]);
  return rows[0];
}
