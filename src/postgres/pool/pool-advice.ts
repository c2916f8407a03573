import { isInteger, isLogger } from '../../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { resolveOptions } from '../../core/options.js';
import type { PoolPort } from '../../core/pool.js';

export interface AdviceOptions {
  /**
   * Instances of this service that share the server.
   * @default 1
   */
  replicas?: number;
  /**
   * Where the advice is reported: at warn when the pools want more than the server has.
   * @default a logger that says nothing
   */
  logger?: Logger;
}

export const ADVICE_DEFAULTS = Object.freeze({ replicas: 1, logger: SILENT_LOGGER });

/** What the server has, beside what the pools of all replicas want. */
export interface PoolAdvice {
  /** `max` of the pool, for all replicas together. */
  readonly wanted: number;
  /** `max_connections` without those that the server keeps for its superusers. */
  readonly available: number;
  /** The largest `max` with which all replicas fit, with a fifth left for psql, backups and migrations. */
  readonly recommendedMax: number;
  readonly isWithin: boolean;
  /** One sentence for people. */
  readonly message: string;
}

const SHARE_OF_POOLS = 0.8;
const SETTINGS = `select current_setting('max_connections')::int as "maxConnections",
  current_setting('superuser_reserved_connections')::int
    + coalesce(current_setting('reserved_connections', true)::int, 0) as "reserved"`;

/**
 * Compares `max` × replicas with the connections that the server accepts. Beyond those every further connection fails with
 * 53300, for everybody. Rejects when the server does not answer.
 */
export async function advisePoolSize(
  pool: Pick<PoolPort, 'query' | 'options'>,
  options?: AdviceOptions,
): Promise<PoolAdvice> {
  const { replicas, logger } = resolveOptions('advisePoolSize', options, ADVICE_DEFAULTS, {
    replicas: isInteger(1),
    logger: isLogger,
  });
  const { rows } = (await pool.query(SETTINGS)) as { rows: { maxConnections: number; reserved: number }[] };
  const [{ maxConnections, reserved } = { maxConnections: 0, reserved: 0 }] = rows;
  const max = pool.options.max ?? 0;
  const available = maxConnections - reserved;
  const wanted = max * replicas;
  const recommendedMax = Math.max(1, Math.floor((available * SHARE_OF_POOLS) / replicas));
  const isWithin = wanted <= available;
  const message = isWithin
    ? `${replicas} × ${max} connections fit into the ${available} of the server`
    : `${replicas} × ${max} connections are more than the ${available} of the server: set max to ${recommendedMax} or less`;
  if (!isWithin)
    logger.warn({ wanted, available, replicas, max, recommendedMax }, 'Database pools may exhaust the server');
  return { wanted, available, recommendedMax, isWithin, message };
}
