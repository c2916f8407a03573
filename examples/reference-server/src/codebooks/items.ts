import { findPage, type Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { Codebook } from './queries.js';
import type { ItemPage, NewItem } from './schemas.js';

export interface Item {
  readonly id: string;
  readonly label: string;
  readonly division: string | null;
  readonly createdAt: Date;
}

type Of = Pick<Codebook, 'id' | 'clientId'>;

export function findItems(pool: Pool, { id, clientId }: Of, page: ItemPage): Promise<Page<Item>> {
  return findPage(pool, {
    text: `SELECT id, label, division, created_at AS "createdAt" FROM codebook_items
           WHERE client_id = $1 AND codebook_id = $2`,
    values: [clientId, id],
    orderBy: ['id'],
    ...page,
  });
}

/** All of them or none, in one statement; gives their ids in the order of the upload. */
export async function uploadItems(pool: Pool, { id, clientId }: Of, items: readonly NewItem[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO codebook_items (client_id, codebook_id, label, division)
     SELECT $1, $2, label, division FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS item (label, division, place)
     ORDER BY place RETURNING id`,
    [clientId, id, items.map(({ label }) => label), items.map(({ division }) => division ?? null)],
  );
  return rows.map((row) => row.id);
}

/** What a job works on: the newest labels, so many of them. */
export async function labelsOf(pool: Pool, codebookId: string, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ label: string }>(
    'SELECT label FROM codebook_items WHERE codebook_id = $1 ORDER BY id DESC LIMIT $2',
    [codebookId, limit],
  );
  return rows.map(({ label }) => label);
}

/** Those of them that are still there. */
export async function findItemsByIds(
  pool: Pool,
  codebookId: string,
  ids: readonly string[],
): Promise<Pick<Item, 'id' | 'label'>[]> {
  const { rows } = await pool.query<Pick<Item, 'id' | 'label'>>(
    'SELECT id, label FROM codebook_items WHERE codebook_id = $1 AND id = ANY($2::bigint[]) ORDER BY id',
    [codebookId, ids],
  );
  return rows;
}
