import { hasMethods, isNumber, isText } from '../../core/checks.js';
import type { CheckResult, HealthCheck } from '../../core/health-check.js';
import { requireOption, resolveOptions } from '../../core/options.js';
import type { PoolPort } from '../../core/pool.js';

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
 * `connectionPool` even while no connection is to be had.
 *
 * Let an error of the pool be seen by the next probe:
 * `pool.on('error', () => health.invalidate('database'))`.
 */
export function databaseCheck(options: DatabaseCheckOptions): HealthCheck {
  const { pool, degradedAboveMs, name } = resolveOptions('databaseCheck', options, DATABASE_CHECK_DEFAULTS, {
    pool: hasMethods('query'),
    degradedAboveMs: isNumber(0, Number.MAX_SAFE_INTEGER),
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
      } catch (error) {
        return { status: 'down', message: `${name} is not reachable`, cause: error };
      }
      const isSlow = performance.now() - startedAt > degradedAboveMs;
      return isSlow ? { status: 'degraded', message: `${name} took longer than ${degradedAboveMs} ms` } : undefined;
    },
    details: () => ({ connectionPool: numbersOf(pool) }),
  };
}

function numbersOf(pool: PoolPort): Record<string, number | undefined> {
  const { totalCount: total, idleCount: idle, waitingCount: waiting } = pool;
  const max = pool.options.max;
  const utilization = max === undefined || max === 0 ? undefined : Math.round(((total - idle) / max) * 100) / 100;
  return { total, idle, waiting, max, utilization };
}
