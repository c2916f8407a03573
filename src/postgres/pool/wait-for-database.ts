import { setTimeout as sleep } from 'node:timers/promises';
import { isLogger, isTimeMs } from '../../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { resolveOptions } from '../../core/options.js';
import type { PoolPort } from '../../core/pool.js';
import { reasonOf } from './connection-loss.js';
import { PoolError } from './pool-error.js';

export interface WaitOptions {
  /**
   * Milliseconds after which the wait is given up; 0 asks once.
   * @default 30000
   */
  timeoutMs?: number;
  /**
   * Where the wait reports.
   * @default a logger that says nothing
   */
  logger?: Logger;
}

export const WAIT_DEFAULTS = Object.freeze({ timeoutMs: 30000, logger: SILENT_LOGGER });

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/**
 * Resolves when the database answers; asks again and again, with pauses that double from 100 ms to 2 s. Rejects with
 * `ERR_DATABASE_UNAVAILABLE` and the last error as cause when it did not answer in time. The last attempt may take the
 * pool's own time-outs longer.
 */
export async function waitForDatabase(pool: Pick<PoolPort, 'query'>, options?: WaitOptions): Promise<void> {
  const { timeoutMs, logger } = resolveOptions('waitForDatabase', options, WAIT_DEFAULTS, {
    timeoutMs: isTimeMs(0),
    logger: isLogger,
  });
  const startedAt = performance.now();
  for (let attempt = 1, pauseMs = FIRST_PAUSE_MS; ; attempt++, pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      await pool.query('SELECT 1');
      if (attempt > 1) logger.info({ attempt }, 'The database answers');
      return;
    } catch (error) {
      const remainingMs = timeoutMs - (performance.now() - startedAt);
      if (remainingMs <= 0) throw unavailable(error, attempt, timeoutMs);
      const retryInMs = Math.round(Math.min(pauseMs, remainingMs));
      logger.warn({ attempt, retryInMs, error: reasonOf(error) }, 'Waiting for the database');
      await sleep(retryInMs);
    }
  }
}

function unavailable(error: unknown, attempts: number, timeoutMs: number): PoolError {
  const message =
    `the database did not answer within ${timeoutMs} ms (${attempts} attempts, last: ${reasonOf(error)}); ` +
    'check that the server runs and that host, port and credentials are right';
  return new PoolError('ERR_DATABASE_UNAVAILABLE', message, { cause: error });
}
