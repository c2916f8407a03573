import { runWithContext, type ContextFields } from 'express-runbook';
import { withTransaction } from 'express-runbook/postgres';
import type { Pool, PoolClient } from 'pg';
import { fillIn } from '../workflows/fill-in.js';
import { workflowsFor } from '../workflows/queries.js';

/** An event that is being processed, with who asked for it. */
export interface TakenEvent {
  readonly id: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly userId: string | null;
  readonly context: ContextFields | null;
}

/** What became of an event; `error` when it cannot be processed, today or later. */
export interface ProcessedEvent {
  readonly event: TakenEvent;
  readonly durationMs: number;
  readonly error?: Error;
}

/**
 * Processes the event that comes first, and gives nothing when there is none. All of it is one transaction that holds the row:
 * no other process takes it meanwhile, and one that dies leaves it pending. Rejects when the
 * database is away, and when it is aborted: the event stays pending then.
 */
export async function processNext(pool: Pool, signal: AbortSignal): Promise<ProcessedEvent | undefined> {
  const work = async (client: PoolClient): Promise<ProcessedEvent | undefined> => {
    const event = await take(client);
    return event && runWithContext(contextOf(event), () => finish(client, event));
  };
  return withTransaction(pool, work, { signal });
}

/** What the lines about an event carry: who asked for it, or its own id where nobody did. */
export function contextOf({ id, userId, context }: TakenEvent): ContextFields {
  return { ...context, correlationId: context?.correlationId ?? `event-${id}`, userId: userId ?? undefined };
}

async function finish(client: PoolClient, event: TakenEvent): Promise<ProcessedEvent> {
  const startedAt = performance.now();
  const error = await run(client, event);
  await client.query('DELETE FROM event_contexts WHERE event_id = $1', [event.id]);
  await client.query('UPDATE events SET status = $2 WHERE id = $1', [event.id, error ? 'failed' : 'completed']);
  return { event, durationMs: Math.round(performance.now() - startedAt), ...(error && { error }) };
}

async function take(client: PoolClient): Promise<TakenEvent | undefined> {
  const { rows } = await client.query<TakenEvent>(
    `SELECT events.id, events.type, events.payload, events.user_id AS "userId", event_contexts.context
     FROM events LEFT JOIN event_contexts ON event_contexts.event_id = events.id
     WHERE events.status = 'pending'
     ORDER BY array_position(ARRAY['urgent', 'high', 'normal', 'low'], events.priority), events.id
     LIMIT 1 FOR UPDATE OF events SKIP LOCKED`,
  );
  return rows[0];
}

/** Has each workflow of its type write its text; all of them or, with the error, none. */
async function run(client: PoolClient, { id, type, payload }: TakenEvent): Promise<Error | undefined> {
  const workflows = await workflowsFor(client, type);
  let texts: readonly string[];
  try {
    texts = workflows.map(({ body }) => fillIn(body, payload));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
  await client.query(
    `INSERT INTO workflow_runs (event_id, workflow_id, output)
     SELECT $1, * FROM unnest($2::bigint[], $3::text[]) ON CONFLICT DO NOTHING`,
    [id, workflows.map((workflow) => workflow.id), texts],
  );
  return undefined;
}
