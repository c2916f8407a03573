import { findPage, withTransaction, type Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { PageRequest } from '../pagination.js';

export interface Codebook {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly createdAt: Date;
}

const COLUMNS = `id, client_id AS "clientId", name, created_at AS "createdAt"`;

export function findCodebooks(pool: Pool, clientId: string, page: PageRequest): Promise<Page<Codebook>> {
  return findPage(pool, {
    text: `SELECT ${COLUMNS} FROM codebooks WHERE client_id = $1`,
    values: [clientId],
    orderBy: ['createdAt', 'id'],
    ...page,
  });
}

export async function findCodebook(pool: Pool, clientId: string, id: string): Promise<Codebook | undefined> {
  const { rows } = await pool.query<Codebook>(`SELECT ${COLUMNS} FROM codebooks WHERE client_id = $1 AND id = $2`, [
    clientId,
    id,
  ]);
  return rows[0];
}

/** With its first version, which is the active one. */
export function createCodebook(pool: Pool, clientId: string, name: string): Promise<Codebook> {
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<Codebook>(
      `INSERT INTO codebooks (client_id, name) VALUES ($1, $2) RETURNING ${COLUMNS}`,
      [clientId, name],
    );
    // RETURNING of one INSERT that did not fail.
    const [codebook] = rows as [Codebook];
    await client.query('INSERT INTO codebook_versions (codebook_id, version, is_active) VALUES ($1, 1, true)', [
      codebook.id,
    ]);
    return codebook;
  });
}
