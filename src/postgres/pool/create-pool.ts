import pg from 'pg';
import type { PoolConfig } from 'pg';
import { observePool, type ObservedPool } from './observe-pool.js';
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
  const { name, logger, registry, context, slowQueryThresholdMs, logQueries } = settings;
  const pool = observePool(new pg.Pool(configOf(settings)), {
    name,
    logger,
    registry,
    context,
    slowQueryThresholdMs,
    logQueries,
  });
  void openAtOnce(pool, settings);
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
    statement_timeout: settings.statementTimeoutMs,
    query_timeout: settings.queryTimeoutMs,
    maxLifetimeSeconds: settings.maxLifetimeSeconds,
    application_name: settings.applicationName,
    keepAlive: true,
  };
}

/** pg-pool's own `min` opens nothing, it only spares idle connections. All are taken before one is given back. */
async function openAtOnce(pool: ObservedPool, { min, name, logger }: PoolSettings): Promise<void> {
  const clients = await Promise.allSettled(Array.from({ length: min }, () => pool.connect()));
  for (const client of clients) if (client.status === 'fulfilled') client.value.release();
  const failed = clients.filter((client) => client.status === 'rejected').length;
  if (failed > 0) logger.warn({ pool: name, failed, min }, 'Database pool could not open its first connections');
}
