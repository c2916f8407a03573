import type { Pool } from 'pg';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { Logger } from '../../core/logger.js';
import { reasonOf } from '../pool/connection-loss.js';

/** What the server says of the pool's database. */
export interface ServerStatistics {
  readonly deadlocks: number;
  readonly conflicts: number;
  readonly sizeBytes: number;
}

/** The share of a scrape that the server gets: Prometheus gives up the whole of it after 10 s by default. */
const TIMEOUT_MS = 500;
/** The metrics of one scrape are read one by one, and share an answer. */
const MAX_AGE_MS = 500;

const STATISTICS = `select deadlocks::float8 as deadlocks, conflicts::float8 as conflicts,
  pg_database_size(datid)::float8 as "sizeBytes"
  from pg_stat_database where datname = current_database()`;

/**
 * Asks the server for one scrape. Never rejects and never takes longer than 500 ms; whatever goes wrong, the answer is the
 * last one that there was. Nothing is asked while an earlier question has no answer yet, or while the pool is used up:
 * callers come first.
 */
export function createServerStatistics(
  pool: Pool,
  { name, logger }: { name: string; logger: Logger },
): () => Promise<ServerStatistics | undefined> {
  let latest: ServerStatistics | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  let isAnswering = true;

  async function ask(): Promise<void> {
    try {
      const { rows } = await pool.query<ServerStatistics>({ text: STATISTICS });
      latest = rows[0];
      isAnswering = true;
    } catch (error) {
      // Once per outage; every scrape of it would say the same.
      const fields = { pool: name, error: reasonOf(error) };
      if (isAnswering) logger.warn(fields, 'Database statistics could not be read, the metrics keep their last values');
      isAnswering = false;
    } finally {
      asking = undefined;
    }
  }

  return async () => {
    const isFresh = performance.now() - askedAt < MAX_AGE_MS;
    if (asking === undefined && !isFresh && hasRoom(pool)) {
      askedAt = performance.now();
      asking = ask();
    }
    // Too late is as good as never here: who comes next has the answer.
    if (asking !== undefined && (await withDeadline(asking, TIMEOUT_MS)) === TIMED_OUT) return latest;
    return latest;
  };
}

function hasRoom(pool: Pool): boolean {
  if (pool.ending || pool.waitingCount > 0) return false;
  return pool.idleCount > 0 || pool.totalCount < pool.options.max;
}
