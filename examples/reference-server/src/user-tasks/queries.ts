import { findPage, type Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { NewTask, TaskPage } from './schemas.js';

export interface Task {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
}

const COLUMNS = `id, title, status, created_at AS "createdAt", completed_at AS "completedAt"`;

/** All of them see the tasks of one user only. */
export function findTasks(pool: Pool, userId: string, { status, ...page }: TaskPage): Promise<Page<Task>> {
  return findPage(pool, {
    text: `SELECT ${COLUMNS} FROM tasks WHERE user_id = $1 AND ($2::text IS NULL OR status = $2)`,
    values: [userId, status ?? null],
    orderBy: ['id'],
    ...page,
  });
}

export async function findTask(pool: Pool, userId: string, id: string): Promise<Task | undefined> {
  const { rows } = await pool.query<Task>(`SELECT ${COLUMNS} FROM tasks WHERE user_id = $1 AND id = $2`, [userId, id]);
  return rows[0];
}

export async function createTask(pool: Pool, userId: string, { title }: NewTask): Promise<Task | undefined> {
  const { rows } = await pool.query<Task>(`INSERT INTO tasks (user_id, title) VALUES ($1, $2) RETURNING ${COLUMNS}`, [
    userId,
    title,
  ]);
  return rows[0];
}

/** Nothing when there is no such task that is open: of several who complete it at the same time one did. */
export async function completeTask(pool: Pool, userId: string, id: string): Promise<Task | undefined> {
  const { rows } = await pool.query<Task>(
    `UPDATE tasks SET status = 'completed', completed_at = now()
     WHERE user_id = $1 AND id = $2 AND status = 'open' RETURNING ${COLUMNS}`,
    [userId, id],
  );
  return rows[0];
}
