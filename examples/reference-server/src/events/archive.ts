import type { Pool } from 'pg';

const BATCH = 1000;

/**
 * Moves what was completed more than 90 days ago into `events_archive`, and gives how many there were. A batch is one statement:
 * what is deleted is what is archived, whoever else does so at the same time.
 */
export async function archiveOldEvents(pool: Pool, signal: AbortSignal): Promise<number> {
  let archived = 0;
  while (!signal.aborted) {
    const { rowCount } = await pool.query(
      `WITH old AS (
         SELECT id FROM events WHERE status = 'completed' AND created_at < now() - INTERVAL '90 days'
         ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
       ), moved AS (
         DELETE FROM events USING old WHERE events.id = old.id RETURNING events.*
       )
       INSERT INTO events_archive SELECT * FROM moved`,
      [BATCH],
    );
    archived += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) break;
  }
  return archived;
}
