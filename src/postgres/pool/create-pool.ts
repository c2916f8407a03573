import pg from 'pg';
import type { PoolConfig } from 'pg';
import { transactionsOf } from '../transactions/pool-transactions.js';
import { spreadLifetimes } from './lifetime.js';
import { keepMinOpen } from './min-connections.js';
import { observeOptionsOf } from './observe-options.js';
import { observePool, type ObservedPool } from './observe-pool.js';
import { sessionLimits, transactionLimits } from './pooler.js';
import { resolvePoolOptions, type PoolOptions, type PoolSettings } from './options.js';

/**
 * A `pg.Pool` that an on-call engineer can trust: finite time-outs, no lost connection ends the process, pool and
 * queries measured, slow ones logged without their values, and a `close()` that keeps its time.
 *
 * Nothing is connected until the first query, unless `min` asks for it. Throws `ConfigError` for wrong options.
 *
 * @example
 * const pool = createPool({ connectionString, logger, registry, context: getContext });
 * const { rows, duration } = await pool.query('select id, email from users where id = $1', [id]);
 */
export function createPool(options?: PoolOptions): ObservedPool {
  const settings = resolvePoolOptions(options);
  const pool = observePool(new pg.Pool(configOf(settings)), observeOptionsOf(settings));
  spreadLifetimes(pool, settings.maxLifetimeSeconds);
  keepMinOpen(pool, settings);
  transactionsOf(pool).limits = transactionLimits(settings);
  return pool;
}

function configOf(settings: PoolSettings): PoolConfig {
  const { connectionString, host, port, database, user, password, ssl } = settings;
  const address = { connectionString, host, port, database, user, password, ssl };
  return {
    // pg treats a key that is there but undefined as said.
    ...Object.fromEntries(Object.entries(address).filter(([, value]) => value !== undefined)),
    max: settings.max,
    min: settings.min,
    idleTimeoutMillis: settings.idleTimeoutMs,
    connectionTimeoutMillis: settings.connectionTimeoutMs,
    ...sessionLimits(settings),
    query_timeout: settings.queryTimeoutMs,
    maxLifetimeSeconds: settings.maxLifetimeSeconds,
    application_name: settings.applicationName,
    keepAlive: true,
  };
}
