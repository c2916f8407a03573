import type { Gauge, Registry } from 'prom-client';
import { hasMethods, isLogger, isRegistry, isTimeMs } from '../core/checks.js';
import { TIMED_OUT, withDeadline } from '../core/deadline.js';
import { SILENT_LOGGER, type Logger } from '../core/logger.js';
import { requireOption, resolveOptions } from '../core/options.js';
import type { RedisCommands } from '../core/redis.js';
import { gauge } from '../instruments/instruments.js';

export interface ObserveRedisOptions {
  /** A client of ioredis, or one that has its `call`. Required. */
  redis: RedisCommands;
  /** Where the metrics are shown. Required. */
  registry: Registry;
  /**
   * Milliseconds that a scrape waits for Redis; what is not there by then is missing in it.
   * @default 500
   */
  timeoutMs?: number;
  /**
   * Told at debug when a scrape goes without Redis.
   * @default no logger
   */
  logger?: Logger;
}

export const OBSERVE_REDIS_DEFAULTS = Object.freeze({ timeoutMs: 500, logger: SILENT_LOGGER });

type Info = ReadonlyMap<string, string>;

const SHOWN = {
  redis_memory_used_bytes: ['used_memory', 'Bytes that Redis has allocated, as INFO tells'],
  redis_connected_clients: ['connected_clients', 'Clients connected to Redis, as INFO tells'],
  redis_keyspace_hits: ['keyspace_hits', 'Keys that were looked up in Redis and found, as INFO tells'],
  redis_keyspace_misses: ['keyspace_misses', 'Keys that were looked up in Redis and not found, as INFO tells'],
} as const;

/**
 * Shows what `redis-cli info` tells as `redis_memory_used_bytes`, `redis_connected_clients`, `redis_keyspace_hits` and
 * `redis_keyspace_misses`, asked at each scrape, and `redis_up`. The totals are gauges: they are the server's, which may restart.
 */
export function observeRedis(options: ObserveRedisOptions): void {
  const { redis, registry, timeoutMs, logger } = resolveOptions('observeRedis', options, OBSERVE_REDIS_DEFAULTS, {
    redis: hasMethods('call'),
    registry: isRegistry,
    timeoutMs: isTimeMs(1),
    logger: isLogger,
  });
  requireOption('observeRedis', 'redis', redis, 'give a client of ioredis, e.g. observeRedis({ redis, registry })');
  requireOption('observeRedis', 'registry', registry, 'give the registry of createMetrics()');
  let asking: Promise<Info | undefined> | undefined;
  // All metrics of a scrape begin together: they share one question.
  const info = (): Promise<Info | undefined> =>
    (asking ??= infoOf(redis, timeoutMs)
      .catch((error: unknown) => {
        logger.debug({ error }, 'Redis does not answer this scrape');
        return undefined;
      })
      .finally(() => (asking = undefined)));

  gauge(registry, {
    name: 'redis_up',
    help: 'Whether Redis answered this scrape',
    async collect() {
      this.set((await info()) === undefined ? 0 : 1);
    },
  });
  for (const [name, [field, help]] of Object.entries(SHOWN)) {
    gauge(registry, {
      name,
      help,
      async collect() {
        show(this, (await info())?.get(field));
      },
    });
  }
}

/** What is not known is left out: 0 would be a lie. */
function show(metric: Gauge, value: string | undefined): void {
  if (value === undefined) metric.remove();
  else metric.set(Number(value));
}

async function infoOf(redis: RedisCommands, timeoutMs: number): Promise<Info> {
  const reply = await withDeadline(redis.call('INFO'), timeoutMs);
  if (reply === TIMED_OUT) throw new Error(`no answer within ${String(timeoutMs)} ms`);
  // Lines of `name:value`, with headings between them (https://redis.io/docs/latest/commands/info/).
  const lines = String(reply).matchAll(/^([a-z_]+):(.*?)\r?$/gm);
  return new Map([...lines].map(([, name = '', value = '']) => [name, value]));
}
