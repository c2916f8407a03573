import type { ContextFields } from 'express-runbook';
import { findPage, type Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { EventPage, NewEvent } from './schemas.js';

export interface Event {
  readonly id: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly priority: string;
  readonly status: string;
  readonly createdAt: Date;
}

export interface EventDetail extends Event {
  readonly outputs: readonly { readonly workflow: string; readonly text: string }[];
}

const COLUMNS = `id, type, payload, priority, status, created_at AS "createdAt"`;

/** All of them see the events of one user only; the latest come first. */
export function findEvents(pool: Pool, userId: string, { status, ...page }: EventPage): Promise<Page<Event>> {
  return findPage(pool, {
    text: `SELECT ${COLUMNS} FROM events WHERE user_id = $1 AND ($2::text IS NULL OR status = $2)`,
    values: [userId, status ?? null],
    orderBy: [{ column: 'id', direction: 'desc' }],
    ...page,
  });
}

export async function findEvent(pool: Pool, userId: string, id: string): Promise<EventDetail | undefined> {
  const { rows } = await pool.query<EventDetail>(
    `SELECT ${COLUMNS}, COALESCE((
         SELECT json_agg(json_build_object('workflow', workflows.name, 'text', run.output) ORDER BY workflows.id)
         FROM workflow_runs run JOIN workflows ON workflows.id = run.workflow_id WHERE run.event_id = events.id
       ), '[]') AS outputs
     FROM events WHERE user_id = $1 AND id = $2`,
    [userId, id],
  );
  return rows[0];
}

/** The event, and who asked for it, by one statement. */
export async function createEvent(
  pool: Pool,
  { userId, correlationId, clientId }: ContextFields,
  event: NewEvent,
): Promise<Event | undefined> {
  const { rows } = await pool.query<Event>(
    `WITH added AS (
       INSERT INTO events (user_id, type, payload, priority) VALUES ($1, $2, $3::jsonb, $4) RETURNING ${COLUMNS}
     ), asked AS (
       INSERT INTO event_contexts (event_id, context) SELECT id, $5::jsonb FROM added
     )
     SELECT * FROM added`,
    [
      userId,
      event.type,
      JSON.stringify(event.payload),
      event.priority,
      JSON.stringify({ correlationId, userId, clientId }),
    ],
  );
  return rows[0];
}
