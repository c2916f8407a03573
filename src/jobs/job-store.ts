import type { Pool } from 'pg';
import type { ContextFields } from '../core/context.js';
import type { JobState, StoredJob } from './job-state.js';
import type { Priority } from './priority.js';
import { ADD_TICKET, priorityNumber, ticketFor } from './ticket-sql.js';
import type { Ticket } from './ticket.js';

/** Who may write the outcome of an attempt: whoever holds the job's present ticket. */
export interface JobClaim {
  readonly attempt: number;
  readonly payload: unknown;
  readonly context: ContextFields;
}

interface NewJob {
  readonly id: string;
  readonly type: string;
  readonly payload: string;
  readonly context: string;
  readonly clientId: string | undefined;
  readonly priority: Priority;
  readonly runAt: Date | undefined;
}

export type JobStore = ReturnType<typeof createJobStore>;

/** How each job stands, by the clock of the database alone. A `Ticket` is for one attempt, and what comes with an old one is refused. */
export function createJobStore(pool: Pool, table: string) {
  const ask = async <Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]> =>
    (await pool.query<Row>(text, [...values])).rows;
  const wrote = async (text: string, values: readonly unknown[]): Promise<boolean> =>
    (await pool.query(text, [...values])).rowCount === 1;
  const mine = `${table}.id = $1 AND ${table}.ticket_id = $2 AND ${table}.status = 'running'`;
  const again = (runAt: string): string => `status = 'pending', run_at = ${runAt}, heartbeat_at = NULL,
    ticket_id = ${ticketFor(table, runAt)}`;

  return {
    async create({ id, type, payload, context, clientId, priority, runAt }: NewJob): Promise<void> {
      const client = clientId === undefined ? [] : [clientId];
      await ask(
        `WITH ticket AS (
           SELECT id FROM ${ADD_TICKET}($2::text, json_build_object('jobId', $1::text), run_at => $6::timestamptz,
             priority => ${priorityNumber('$5::text')}, flags => ARRAY[$2::text]))
         INSERT INTO ${table} (id, job_type, payload, context, priority, run_at, ticket_id${clientId === undefined ? '' : ', client_id'})
         SELECT $1::uuid, $2, $3::jsonb, $4::jsonb, $5, COALESCE($6::timestamptz, now()), ticket.id
           ${clientId === undefined ? '' : ', $7::uuid'} FROM ticket`,
        [id, type, payload, context, priority, runAt?.toISOString() ?? null, ...client],
      );
    },

    /** Nothing when the ticket is an old one: the job is done, or somebody else has it. */
    async claim({ jobId, ticketId }: Ticket): Promise<JobClaim | undefined> {
      const [claim] = await ask<JobClaim>(
        `UPDATE ${table} SET status = 'running', attempts = attempts + 1, started_at = now(), heartbeat_at = now()
         WHERE id = $1 AND ticket_id = $2 AND status = 'pending' RETURNING attempts AS attempt, payload, context`,
        [jobId, ticketId],
      );
      return claim;
    },

    /** A new ticket for a job that was not begun, for another worker. */
    handBack: ({ jobId, ticketId }: Ticket): Promise<boolean> =>
      wrote(
        `UPDATE ${table} SET ticket_id = ${ticketFor(table, `${table}.run_at`)}
         WHERE id = $1 AND ticket_id = $2 AND status = 'pending'`,
        [jobId, ticketId],
      ),

    complete: ({ jobId, ticketId }: Ticket, result: string): Promise<boolean> =>
      wrote(
        `UPDATE ${table} SET status = 'completed', completed_at = now(), heartbeat_at = NULL, error = NULL, result = $3::jsonb
         WHERE ${mine}`,
        [jobId, ticketId, result],
      ),

    /** To the dead letters. */
    fail: ({ jobId, ticketId }: Ticket, error: string): Promise<boolean> =>
      wrote(
        `UPDATE ${table} SET status = 'failed', completed_at = now(), heartbeat_at = NULL, error = $3 WHERE ${mine}`,
        [jobId, ticketId, error],
      ),

    retryLater: ({ jobId, ticketId }: Ticket, error: string, delayMs: number): Promise<boolean> =>
      wrote(`UPDATE ${table} SET error = $3, ${again("now() + $4 * interval '1 millisecond'")} WHERE ${mine}`, [
        jobId,
        ticketId,
        error,
        delayMs,
      ]),

    /** Back to pending as if it had not been begun: for a process that ends. */
    release: ({ jobId, ticketId }: Ticket): Promise<boolean> =>
      wrote(`UPDATE ${table} SET attempts = attempts - 1, ${again('now()')} WHERE ${mine}`, [jobId, ticketId]),

    /** Signs of life; gives the jobs that are still this process's own. */
    async beat(tickets: readonly Ticket[]): Promise<Set<string>> {
      const rows = await ask<{ ticketId: string }>(
        `UPDATE ${table} SET heartbeat_at = now() WHERE status = 'running' AND id = ANY($1::uuid[])
         AND ticket_id = ANY($2::bigint[]) RETURNING ticket_id::text AS "ticketId"`,
        [tickets.map(({ jobId }) => jobId), tickets.map(({ ticketId }) => ticketId)],
      );
      return new Set(rows.map(({ ticketId }) => ticketId));
    },

    /** Takes up what a worker left that gave no sign of life for so long. */
    rescue: (staleMs: number): Promise<StoredJob[]> =>
      ask<StoredJob>(
        `UPDATE ${table} SET error = 'the worker that had begun it gave no sign of life', ${again('now()')}
         WHERE id IN (SELECT id FROM ${table} WHERE status = 'running' AND heartbeat_at < now() - $1 * interval '1 millisecond'
                      FOR UPDATE SKIP LOCKED)
         RETURNING id, job_type AS type, attempts, context`,
        [staleMs],
      ),

    /**
     * Gives a ticket to pending jobs without one: rows that were written by hand, or whose ticket was taken by a worker that
     * died before it began. Gives how many.
     */
    async giveTickets(types: readonly string[], staleMs: number): Promise<number> {
      const rows = await ask(
        `UPDATE ${table} SET ticket_id = ${ticketFor(table, `${table}.run_at`)}
         WHERE id IN (
           SELECT id FROM ${table} job WHERE status = 'pending' AND job_type = ANY($1::text[]) AND NOT EXISTS (
             SELECT FROM graphile_worker.jobs ticket WHERE ticket.id = job.ticket_id AND ticket.attempts < ticket.max_attempts
             AND (ticket.locked_at IS NULL OR ticket.locked_at > now() - $2 * interval '1 millisecond'))
           FOR UPDATE SKIP LOCKED LIMIT 1000)
         RETURNING id`,
        [types, staleMs],
      );
      return rows.length;
    },

    async find(id: string): Promise<JobState | undefined> {
      const [state] = await ask<JobState>(
        `SELECT id, job_type AS type, status, attempts, priority, context, result, error, created_at AS "createdAt", run_at AS "runAt",
           started_at AS "startedAt", completed_at AS "completedAt" FROM ${table} WHERE id = $1`,
        [id],
      );
      return state;
    },

    /** Has a dead letter tried again, with all its attempts. */
    retry: (id: string): Promise<boolean> =>
      wrote(
        `UPDATE ${table} SET attempts = 0, completed_at = NULL, ${again('now()')} WHERE id = $1 AND status = 'failed'`,
        [id],
      ),
  };
}
