import type { Registry } from 'prom-client';
import { isFunction, isInteger, isRegistry, isText, isTimeMs } from '../core/checks.js';
import { requireOption, resolveOptions, type Resolved } from '../core/options.js';

export interface CacheOptions {
  /** What it holds, e.g. `projects`: the label of its metrics. Required; the names of all caches together are a short list. */
  name: string;
  /**
   * Milliseconds for which a value is given out.
   * @default 60000
   */
  ttlMs?: number;
  /**
   * Values that are kept at most; beyond it the one that was asked for longest ago goes.
   * @default 1000
   */
  maxEntries?: number;
  /**
   * Where `cache_hit_ratio` is shown, from the start.
   * @default nowhere
   */
  registry?: Registry;
  /**
   * Milliseconds of a clock.
   * @default `Date.now`
   */
  now?: () => number;
}

export const CACHE_DEFAULTS = Object.freeze({ ttlMs: 60_000, maxEntries: 1000, now: Date.now });

export type CacheSettings = Resolved<CacheOptions, typeof CACHE_DEFAULTS>;

export function resolveCacheOptions(options: CacheOptions): CacheSettings {
  const settings = resolveOptions('createCache', options, CACHE_DEFAULTS, {
    name: isText,
    ttlMs: isTimeMs(0),
    maxEntries: isInteger(0),
    registry: isRegistry,
    now: isFunction,
  });
  requireOption('createCache', 'name', settings.name, "say what it holds, e.g. { name: 'projects' }");
  return settings;
}
