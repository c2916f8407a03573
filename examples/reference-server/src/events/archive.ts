import type { Logger } from 'express-runbook';
import { withTransaction } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { EventList } from './event-list.js';

const BATCH = 1000;
const EVERY_MS = 3_600_000;

export interface Archive {
  /** Once an hour moves what was completed more than 90 days ago into `events_archive`, a batch at a time; true when there may be more. Never rejects: events go on. */
  round(signal: AbortSignal): Promise<boolean>;
}

export function createArchive(pool: Pool, list: EventList, logger: Logger): Archive {
  let isDueAt = 0;
  return {
    async round(signal) {
      if (performance.now() < isDueAt) return false;
      try {
        const events = await moveBatch(pool, signal);
        if (events > 0) {
          logger.info({ events }, 'Events archived');
          await list.allChanged();
        }
        if (events === BATCH) return true;
      } catch (error) {
        if (!signal.aborted) logger.warn({ error }, 'Events could not be archived; it is tried again in an hour');
      }
      isDueAt = performance.now() + EVERY_MS;
      return false;
    },
  };
}

/** One statement: what is deleted is what is archived, whoever else does so at the same time. */
async function moveBatch(pool: Pool, signal: AbortSignal): Promise<number> {
  const text = `
    WITH old AS (
      SELECT id FROM events WHERE status = 'completed' AND created_at < now() - INTERVAL '90 days'
      ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
    ), moved AS (
      DELETE FROM events USING old WHERE events.id = old.id RETURNING events.*
    )
    INSERT INTO events_archive SELECT * FROM moved`;
  const { rowCount } = await withTransaction(pool, (client) => client.query(text, [BATCH]), { signal });
  return rowCount ?? 0;
}
