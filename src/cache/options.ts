import type { Registry } from 'prom-client';
import { hasMethods, isFunction, isInteger, isLogger, isRegistry, isText, isTimeMs } from '../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../core/logger.js';
import { requireOption, resolveOptions, type Resolved } from '../core/options.js';
import type { RedisCommands } from '../core/redis.js';

export interface CacheOptions {
  /** What it holds, e.g. `projects`: the label of its metrics. Required; the names of all caches together are a short list. */
  name: string;
  /**
   * Milliseconds for which a value is given out; a call may say otherwise. 0 keeps nothing.
   * @default 60000
   */
  ttlMs?: number;
  /**
   * Milliseconds after that in which the old value is still given, while a new one is loaded behind the back of who asked;
   * when that fails the old one is kept for the rest of the time. In Redis the life of a key is both together.
   * @default 0
   */
  staleMs?: number;
  /**
   * Values that are kept in memory at most; beyond it the one that was asked for longest ago goes.
   * @default 500
   */
  maxEntries?: number;
  /**
   * Where values are kept for all instances together, as JSON under their bare keys; in the memory of this process when left
   * out. It must not be a cluster.
   */
  redis?: RedisCommands;
  /**
   * Milliseconds that a caller waits for Redis, when an outage begins; later ones do not wait.
   * @default 100
   */
  redisTimeoutMs?: number;
  /**
   * Milliseconds after which a load that has not ended fails with `CacheLoadTimeoutError`, and its signal is aborted.
   * @default 10000
   */
  loadTimeoutMs?: number;
  /**
   * Told once when Redis goes and when it is back, and of values that cannot be kept.
   * @default no logger
   */
  logger?: Logger;
  /**
   * Where `cache_hit_ratio`, `cache_hits_total`, `cache_misses_total` and their like are shown, from the start.
   * @default nowhere
   */
  registry?: Registry;
  /**
   * Milliseconds of a clock, for values in memory.
   * @default `Date.now`
   */
  now?: () => number;
}

export const CACHE_DEFAULTS = Object.freeze({
  ttlMs: 60_000,
  staleMs: 0,
  maxEntries: 500,
  redisTimeoutMs: 100,
  loadTimeoutMs: 10_000,
  logger: SILENT_LOGGER,
  now: Date.now,
});

export type CacheSettings = Resolved<CacheOptions, typeof CACHE_DEFAULTS>;

export function resolveCacheOptions(options: CacheOptions): CacheSettings {
  const settings = resolveOptions('createCache', options, CACHE_DEFAULTS, {
    name: isText,
    ttlMs: isTimeMs(0),
    staleMs: isTimeMs(0),
    maxEntries: isInteger(1),
    redis: hasMethods('call'),
    redisTimeoutMs: isTimeMs(1),
    loadTimeoutMs: isTimeMs(1),
    logger: isLogger,
    registry: isRegistry,
    now: isFunction,
  });
  requireOption('createCache', 'name', settings.name, "say what it holds, e.g. { name: 'projects' }");
  return settings;
}
