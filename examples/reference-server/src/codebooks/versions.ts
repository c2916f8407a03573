import { findPage, withTransaction, type Page } from 'express-runbook/postgres';
import type { Pool, PoolClient } from 'pg';
import type { PageRequest } from '../pagination.js';

export interface Version {
  readonly version: number;
  readonly isActive: boolean;
  readonly notes: string;
  readonly createdAt: Date;
}

interface NewVersion {
  readonly notes: string;
  /** The job that makes it: run again, it finds the version that it made. */
  readonly jobId?: string;
}

const COLUMNS = `version, is_active AS "isActive", notes, created_at AS "createdAt"`;

export function findVersions(pool: Pool, codebookId: string, page: PageRequest): Promise<Page<Version>> {
  return findPage(pool, {
    text: `SELECT ${COLUMNS} FROM codebook_versions WHERE codebook_id = $1`,
    values: [codebookId],
    orderBy: ['version'],
    ...page,
  });
}

export async function findActiveVersion(pool: Pool, codebookId: string): Promise<Version | undefined> {
  const { rows } = await pool.query<Version>(
    `SELECT ${COLUMNS} FROM codebook_versions WHERE codebook_id = $1 AND is_active`,
    [codebookId],
  );
  return rows[0];
}

/** The next one, not active yet; says whether it is new. Nothing when the codebook is gone. */
export function createVersion(
  pool: Pool,
  codebookId: string,
  { notes, jobId }: NewVersion,
): Promise<{ version: Version; isNew: boolean } | undefined> {
  return withTransaction(pool, async (client) => {
    if (!(await lock(client, codebookId))) return undefined;
    const made = await client.query<Version>(`SELECT ${COLUMNS} FROM codebook_versions WHERE job_id = $1`, [
      jobId ?? null,
    ]);
    if (made.rows[0] !== undefined) return { version: made.rows[0], isNew: false };
    const { rows } = await client.query<Version>(
      `INSERT INTO codebook_versions (codebook_id, version, notes, job_id)
       SELECT $1, coalesce(max(version), 0) + 1, $2, $3 FROM codebook_versions WHERE codebook_id = $1
       RETURNING ${COLUMNS}`,
      [codebookId, notes, jobId ?? null],
    );
    // RETURNING of one INSERT that did not fail.
    const [version] = rows as [Version];
    return { version, isNew: true };
  });
}

/** In two steps: the index allows one active version at every moment. Nothing when there is no such version. */
export function activateVersion(pool: Pool, codebookId: string, version: number): Promise<Version | undefined> {
  return withTransaction(pool, async (client) => {
    await lock(client, codebookId);
    const found = await client.query('SELECT FROM codebook_versions WHERE codebook_id = $1 AND version = $2', [
      codebookId,
      version,
    ]);
    if (found.rowCount === 0) return undefined;
    await client.query('UPDATE codebook_versions SET is_active = false WHERE codebook_id = $1 AND is_active', [
      codebookId,
    ]);
    const { rows } = await client.query<Version>(
      `UPDATE codebook_versions SET is_active = true WHERE codebook_id = $1 AND version = $2 RETURNING ${COLUMNS}`,
      [codebookId, version],
    );
    return rows[0];
  });
}

/** Who writes versions waits for who else does. */
async function lock(client: PoolClient, codebookId: string): Promise<boolean> {
  const { rowCount } = await client.query('SELECT FROM codebooks WHERE id = $1 FOR UPDATE', [codebookId]);
  return rowCount === 1;
}
