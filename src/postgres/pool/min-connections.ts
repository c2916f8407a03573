import pg from 'pg';
import type { Pool } from 'pg';
import type { Logger } from '../../core/logger.js';
import { reasonOf } from './connection-loss.js';
import { harmless } from './harmless.js';
import type { ConnectCallback } from './connect-forms.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Opens `min` connections at once and replaces each that is lost; pg-pool's own `min` opens nothing, it only spares idle
 * connections. While the database is away it tries again with pauses that double from half a second to 30 s.
 */
export function keepMinOpen(pool: Pool, { min, name, logger }: { min: number; name: string; logger: Logger }): void {
  if (min === 0) return;
  let pauseMs = FIRST_PAUSE_MS;
  let isFilling = false;
  const isEnding = (): boolean => pool.ending;
  const warn = harmless((failures: readonly unknown[]) => {
    const fields = { pool: name, min, failed: failures.length, error: reasonOf(failures[0]) };
    logger.warn(fields, 'Database pool could not open its minimum of connections');
  });

  async function fill(): Promise<void> {
    if (isFilling || isEnding() || pool.totalCount >= min) return;
    isFilling = true;
    const failures = await open(pool, min - pool.totalCount);
    if (isEnding()) return;
    if (failures.length === 0) {
      pauseMs = FIRST_PAUSE_MS;
      isFilling = false;
      // What was lost in the meantime.
      void fill();
      return;
    }
    if (pauseMs === FIRST_PAUSE_MS) warn(failures);
    setTimeout(() => {
      isFilling = false;
      void fill();
    }, pauseMs).unref();
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  pool.on('remove', () => void fill());
  void fill();
}

/** Opens that many and gives them back; the errors of those that could not be opened. */
async function open(pool: Pool, missing: number): Promise<unknown[]> {
  // pg-pool hands out idle connections first. They are taken for one turn of the event loop, until it has begun to open
  // the missing ones.
  const attempts = Array.from({ length: pool.idleCount + missing }, () => {
    return new Promise<void>((resolve, reject) => {
      const taken: ConnectCallback = (error, _client, release) => {
        if (error === undefined) {
          setImmediate(() => {
            release();
            resolve();
          });
        } else {
          reject(error);
        }
      };
      // Past the observed `connect`: nobody waits here.
      (pg.Pool.prototype.connect as (callback: ConnectCallback) => void).call(pool, taken);
    });
  });
  const settled = await Promise.allSettled(attempts);
  return settled.filter((one) => one.status === 'rejected').map((one) => one.reason as unknown);
}
