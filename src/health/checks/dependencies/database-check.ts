import { hasMethods, isText } from '../../../core/checks.js';
import type { CheckResult, HealthCheck } from '../../../core/health-check.js';
import { requireOption, resolveOptions } from '../../../core/options.js';
import type { PoolPort } from '../../../core/pool.js';
import { answered, isResponseTime, unreachable } from './response-time.js';

export interface DatabaseCheckOptions {
  /** Any `pg.Pool`. */
  pool: PoolPort;
  /**
   * Milliseconds for connection and query together, above which the database counts as degraded.
   * @default 500
   */
  degradedAboveMs?: number;
  /**
   * Key of the check in bodies, log lines and metrics.
   * @default 'database'
   */
  name?: string;
}

export const DATABASE_CHECK_DEFAULTS = Object.freeze({ degradedAboveMs: 500, name: 'database' });

/**
 * Runs `SELECT 1` on a connection of the pool, as a request would. Critical. The pool's numbers are in
 * `connectionPool` even while no connection is to be had, and an `error` of the pool is seen by the next probe.
 */
export function databaseCheck(options: DatabaseCheckOptions): HealthCheck {
  const { pool, degradedAboveMs, name } = resolveOptions('databaseCheck', options, DATABASE_CHECK_DEFAULTS, {
    pool: hasMethods('query', 'on'),
    degradedAboveMs: isResponseTime,
    name: isText,
  });
  requireOption('databaseCheck', 'pool', pool, 'give a pg.Pool, e.g. databaseCheck({ pool })');

  return {
    name,
    critical: true,
    async run(): Promise<CheckResult | undefined> {
      const startedAt = performance.now();
      try {
        await pool.query('SELECT 1');
        return answered(name, startedAt, degradedAboveMs);
      } catch (error) {
        return unreachable(name, error);
      }
    },
    details: () => ({ connectionPool: numbersOf(pool) }),
    watch(invalidate) {
      pool.on('error', invalidate);
      return () => void pool.off?.('error', invalidate);
    },
  };
}

function numbersOf(pool: PoolPort): Record<string, number | undefined> {
  const { totalCount: total, idleCount: idle, waitingCount: waiting } = pool;
  const max = pool.options.max;
  const utilization = max === undefined || max === 0 ? undefined : Math.round(((total - idle) / max) * 100) / 100;
  return { total, idle, waiting, max, utilization };
}
