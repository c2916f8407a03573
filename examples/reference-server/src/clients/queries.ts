import { findPage, type Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { PageRequest } from '../pagination.js';

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

const COLUMNS = `id, name, created_at AS "createdAt"`;

/** All of them, or the one that a key belongs to. */
export function findClients(pool: Pool, only: string | undefined, page: PageRequest): Promise<Page<Client>> {
  return findPage(pool, {
    text: `SELECT ${COLUMNS} FROM clients WHERE $1::uuid IS NULL OR id = $1`,
    values: [only ?? null],
    orderBy: ['createdAt', 'id'],
    ...page,
  });
}

export async function findClient(pool: Pool, id: string): Promise<Client | undefined> {
  const { rows } = await pool.query<Client>(`SELECT ${COLUMNS} FROM clients WHERE id = $1`, [id]);
  return rows[0];
}

export async function createClient(pool: Pool, name: string): Promise<Client> {
  const { rows } = await pool.query<Client>(`INSERT INTO clients (name) VALUES ($1) RETURNING ${COLUMNS}`, [name]);
  // RETURNING of one INSERT that did not fail.
  const [client] = rows as [Client];
  return client;
}
