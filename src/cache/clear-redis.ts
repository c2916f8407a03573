import type { RedisCommands } from '../core/redis.js';
import { CACHE_DEFAULTS } from './options.js';
import { cacheGroup, changeOf, tagGroup } from './redis-keys.js';
import { counterLifeMs, DELETE, DELETE_MEMBERS } from './redis-scripts.js';

/** What is thrown away; all that any cache keeps when nothing is said. */
export interface ClearRedisOptions {
  /** All values of these caches, by their `name`. */
  readonly caches?: readonly string[];
  /** All values that have one of these tags. */
  readonly tags?: readonly string[];
  /** These values. */
  readonly keys?: readonly string[];
}

/** What was thrown away, by what was said: how many values each had. */
export type ClearedFromRedis = Readonly<Record<string, number>>;

/**
 * Throws away values that caches of this package keep in Redis, for all instances; what is being loaded meanwhile is not kept
 * either. Nothing else in that Redis is touched. Rejects when Redis does not answer.
 */
export async function clearRedis(redis: RedisCommands, options: ClearRedisOptions = {}): Promise<ClearedFromRedis> {
  const { caches = [], tags = [], keys = [] } = options;
  const isAll = caches.length + tags.length + keys.length === 0;
  const groups = isAll ? await cacheGroups(redis) : [...caches.map(cacheGroup), ...tags.map(tagGroup)];
  const cleared: Record<string, number> = {};
  for (const group of groups) cleared[group] = await evaluated(redis, DELETE_MEMBERS, group);
  for (const key of keys) cleared[key] = await evaluated(redis, DELETE, key);
  return cleared;
}

async function evaluated(redis: RedisCommands, script: string, keyOrGroup: string): Promise<number> {
  const lifeMs = String(counterLifeMs(CACHE_DEFAULTS.loadTimeoutMs));
  return Number(await redis.call('EVAL', script, '2', keyOrGroup, changeOf(keyOrGroup), lifeMs));
}

async function cacheGroups(redis: RedisCommands): Promise<string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const reply = await redis.call('SCAN', cursor, 'MATCH', cacheGroup('*'), 'COUNT', '1000');
    // Cursor and names, as https://redis.io/docs/latest/commands/scan/ says.
    const [next, names] = reply as [string, string[]];
    for (const name of names) found.add(name);
    cursor = next;
  } while (cursor !== '0');
  return [...found].sort();
}
