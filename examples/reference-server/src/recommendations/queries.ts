import { findPage, type Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { Decision, RecommendationPage } from './schemas.js';

export interface Recommendation {
  readonly id: string;
  readonly codebookId: string;
  readonly text: string;
  readonly status: string;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
}

interface Given {
  readonly clientId: string;
  readonly codebookId: string;
  readonly jobId: string;
  readonly texts: readonly string[];
}

const COLUMNS = `id, codebook_id AS "codebookId", text, status, created_at AS "createdAt", decided_at AS "decidedAt"`;

export function findRecommendations(
  pool: Pool,
  clientId: string,
  { status, ...page }: RecommendationPage,
): Promise<Page<Recommendation>> {
  return findPage(pool, {
    text: `SELECT ${COLUMNS} FROM recommendations WHERE client_id = $1 AND ($2::text IS NULL OR status = $2)`,
    values: [clientId, status ?? null],
    orderBy: ['id'],
    ...page,
  });
}

/** Those of a job that are not there yet: run again, it adds none. Gives how many are new. */
export async function keepRecommendations(pool: Pool, { clientId, codebookId, jobId, texts }: Given): Promise<number> {
  const { rowCount } = await pool.query(
    `INSERT INTO recommendations (client_id, codebook_id, job_id, position, text)
     SELECT $1, $2, $3, place, text FROM unnest($4::text[]) WITH ORDINALITY AS given (text, place)
     ON CONFLICT (job_id, position) DO NOTHING`,
    [clientId, codebookId, jobId, texts],
  );
  return rowCount ?? 0;
}

/** What it is now, and whether that is new: it is decided once. */
export async function decide(
  pool: Pool,
  clientId: string,
  id: string,
  decision: Decision,
): Promise<{ recommendation: Recommendation; isNew: boolean } | undefined> {
  const changed = await pool.query<Recommendation>(
    `UPDATE recommendations SET status = $3, decided_at = now()
     WHERE client_id = $1 AND id = $2 AND status = 'open' RETURNING ${COLUMNS}`,
    [clientId, id, decision],
  );
  const [recommendation] = changed.rows;
  if (recommendation !== undefined) return { recommendation, isNew: true };
  const { rows } = await pool.query<Recommendation>(
    `SELECT ${COLUMNS} FROM recommendations WHERE client_id = $1 AND id = $2`,
    [clientId, id],
  );
  return rows[0] === undefined ? undefined : { recommendation: rows[0], isNew: false };
}
