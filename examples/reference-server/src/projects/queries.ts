import { findPage, type Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { NewProject, ProjectChange, ProjectPage } from './schemas.js';

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const COLUMNS = `id, name, description, status, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** All of them see the projects of one user only, and none that were deleted. */
export function findProjects(pool: Pool, userId: string, { status, ...page }: ProjectPage): Promise<Page<Project>> {
  return findPage(pool, {
    text: `SELECT ${COLUMNS} FROM projects
           WHERE user_id = $1 AND deleted_at IS NULL AND ($2::text IS NULL OR status = $2)`,
    values: [userId, status ?? null],
    orderBy: ['id'],
    ...page,
  });
}

export async function findProject(pool: Pool, userId: string, id: string): Promise<Project | undefined> {
  const { rows } = await pool.query<Project>(
    `SELECT ${COLUMNS} FROM projects WHERE user_id = $1 AND id = $2 AND deleted_at IS NULL`,
    [userId, id],
  );
  return rows[0];
}

export async function createProject(pool: Pool, userId: string, project: NewProject): Promise<Project | undefined> {
  const { rows } = await pool.query<Project>(
    `INSERT INTO projects (user_id, name, description, status) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
    [userId, project.name, project.description, project.status],
  );
  return rows[0];
}

export async function changeProject(
  pool: Pool,
  userId: string,
  id: string,
  change: ProjectChange,
): Promise<Project | undefined> {
  const { rows } = await pool.query<Project>(
    `UPDATE projects SET name = COALESCE($3, name), description = COALESCE($4, description),
       status = COALESCE($5, status), updated_at = now()
     WHERE user_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING ${COLUMNS}`,
    [userId, id, change.name ?? null, change.description ?? null, change.status ?? null],
  );
  return rows[0];
}

/** Marks it deleted; false when there was nothing to delete. */
export async function deleteProject(pool: Pool, userId: string, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE projects SET deleted_at = now() WHERE user_id = $1 AND id = $2 AND deleted_at IS NULL`,
    [userId, id],
  );
  return rowCount === 1;
}
