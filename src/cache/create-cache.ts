import type { CacheStore, Keeping, Read } from './cache-store.js';
import { cacheMetrics, showEntries, type CacheMetrics } from './cache-metrics.js';
import { Flights, type Flight } from './flights.js';
import { loaded, type Load } from './load.js';
import { memoryStore } from './memory-store.js';
import { resolveCacheOptions, type CacheOptions, type CacheSettings } from './options.js';
import { redisStore } from './redis-store.js';
import { refreshes } from './refreshes.js';

export interface CacheValueOptions {
  /** Milliseconds for which this value is given out, in place of the cache's own. */
  readonly ttlMs?: number;
  /** Words by which the value can be thrown away together with others, e.g. `user:7`. */
  readonly tags?: readonly string[];
}

export interface Cache<Value> {
  /**
   * The value of the key, loaded when it is not there. Callers at the same time share one load; one that fails is not kept, and
   * all who waited for it get its error. A value that was thrown away while it was being loaded is given to who waited and not
   * kept. Falsy values are values; `undefined` is none and is not kept. A number in place of the options is the `ttlMs`.
   *
   * In memory values are kept as they are: do not change what you get. Out of Redis comes what JSON makes of them.
   */
  cached(key: string, load: Load<Value>, options?: number | CacheValueOptions): Promise<Value>;
  /** The value of the key when it is there. */
  get(key: string): Promise<Value | undefined>;
  /** Keeps a value, in place of what is being loaded as well. */
  set(key: string, value: Value, options?: number | CacheValueOptions): Promise<void>;
  /** Throws a value away. */
  delete(key: string): Promise<void>;
  /** Throws all values away that have the tag; in Redis those of other caches too. */
  deleteByTag(tag: string): Promise<void>;
  /** Throws everything away that this cache keeps. */
  clear(): Promise<void>;
  /** Share of the values asked for that were there, from 0 to 1, since the start; 0 before the first. */
  hitRatio(): number;
}

/**
 * A cache, bounded in size and in time: in the memory of this process, or in Redis for all instances together. Redis being away
 * makes it slower and never wrong: everything is loaded, nobody gets an error, and what was thrown away meanwhile is gone when
 * Redis is back. Shows how useful it is as `cache_hit_ratio{cache}`, which is 0 from the start.
 *
 * @example
 * const projects = createCache<Project[]>({ name: 'projects', ttlMs: 30_000, registry: metrics.registry });
 * const list = await projects.cached(`projects:${userId}`, () => findProjects(userId), { tags: [`user:${userId}`] });
 */
export function createCache<Value>(options: CacheOptions): Cache<Value> {
  const settings = resolveCacheOptions(options);
  const metrics = cacheMetrics(settings);
  const store = storeOf<Value>(settings, metrics);
  const flights = new Flights<Value>();

  async function loadAndKeep(flight: Flight<Value>, key: string, load: Load<Value>, keeping: Keeping, ticket: unknown) {
    const startedAt = performance.now();
    try {
      const value = await loaded(load, settings.name, settings.loadTimeoutMs);
      // Not waited for: who asked has the value.
      if (!flight.isDropped && value !== undefined) void store.write(key, value, keeping, ticket);
      return value;
    } catch (error) {
      metrics.failed();
      throw error;
    } finally {
      metrics.loaded((performance.now() - startedAt) / 1000);
    }
  }
  const refresh = refreshes<Value>(settings, loadAndKeep);

  async function answer(
    read: Promise<Read<Value>>,
    flight: Flight<Value>,
    key: string,
    load: Load<Value>,
    keeping: Keeping,
  ) {
    const { found, ticket } = await read;
    if (found === undefined) {
      metrics.miss();
      return loadAndKeep(flight, key, load, keeping, ticket);
    }
    metrics.hit();
    if (!found.isFresh) {
      metrics.stale();
      refresh.start(key, load, keeping, ticket);
    }
    return found.value;
  }

  function drop(isMeant: (key: string, flight: Flight<Value>) => boolean): void {
    flights.drop(isMeant);
    refresh.drop(isMeant);
  }

  return {
    cached(key, load, how) {
      const running = flights.get(key);
      if (running !== undefined) {
        metrics.hit();
        return running.value;
      }
      const keeping = keepingOf(how, settings);
      const read = store.read(key, keeping.tags);
      if ('found' in read && read.found?.isFresh === true) {
        metrics.hit();
        return Promise.resolve(read.found.value);
      }
      return flights.start(key, keeping.tags, (flight) => answer(Promise.resolve(read), flight, key, load, keeping));
    },
    async get(key) {
      const { found } = await store.read(key, []);
      if (found?.isFresh === true) metrics.hit();
      else metrics.miss();
      return found?.isFresh === true ? found.value : undefined;
    },
    async set(key, value, how) {
      drop((one) => one === key);
      const keeping = keepingOf(how, settings);
      const { ticket } = await store.read(key, keeping.tags);
      await store.write(key, value, keeping, ticket);
    },
    async delete(key) {
      drop((one) => one === key);
      await store.delete(key);
    },
    async deleteByTag(tag) {
      drop((_key, { tags }) => tags.includes(tag));
      await store.deleteByTag(tag);
    },
    async clear() {
      drop(() => true);
      await store.clear();
    },
    hitRatio: metrics.hitRatio,
  };
}

function storeOf<Value>(settings: CacheSettings, metrics: CacheMetrics): CacheStore<Value> {
  if (settings.redis !== undefined) return redisStore(settings.redis, settings);
  const store = memoryStore<Value>(settings, metrics.evicted);
  showEntries(settings, store.size);
  return store;
}

function keepingOf(how: number | CacheValueOptions | undefined, { ttlMs }: CacheSettings): Keeping {
  const said = typeof how === 'number' ? { ttlMs: how } : (how ?? {});
  return { ttlMs: said.ttlMs ?? ttlMs, tags: said.tags ?? [] };
}
