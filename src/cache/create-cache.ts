import { createEntries } from './entries.js';
import { showHitRatio } from './hit-ratio.js';
import { resolveCacheOptions, type CacheOptions } from './options.js';

export interface CacheValueOptions {
  /** Words by which the value can be thrown away together with others, e.g. `user:7`. */
  readonly tags?: readonly string[];
}

export interface Cache<Value> {
  /**
   * The value of the key, loaded when it is not there. Callers at the same time share one load; one that fails is not kept, and
   * all who waited for it get its error. A value that was thrown away while it was being loaded is given to who waited and not
   * kept. Values are kept as they are: do not change what you get.
   */
  getOrSet(key: string, load: () => Value | Promise<Value>, options?: CacheValueOptions): Promise<Value>;
  /** Throws a value away. */
  delete(key: string): Promise<void>;
  /** Throws all values away that have the tag. */
  deleteByTag(tag: string): Promise<void>;
  /** Throws everything away. */
  clear(): Promise<void>;
  /** Share of the values asked for that were there, from 0 to 1, since the start; 0 before the first. */
  hitRatio(): number;
}

/**
 * A cache in the memory of this process, bounded in size and in time. Shows how useful it is as `cache_hit_ratio{cache}`, which
 * is 0 from the start. Holds no timer.
 *
 * @example
 * const projects = createCache<Project[]>({ name: 'projects', ttlMs: 30_000, registry: metrics.registry });
 * const list = await projects.getOrSet(`projects:${userId}`, () => findProjects(userId), { tags: [`user:${userId}`] });
 */
export function createCache<Value>(options: CacheOptions): Cache<Value> {
  const settings = resolveCacheOptions(options);
  const entries = createEntries<Promise<Value>>(settings);
  let hits = 0;
  let asked = 0;
  const hitRatio = (): number => (asked === 0 ? 0 : hits / asked);
  if (settings.registry !== undefined) showHitRatio(settings.registry, settings.name, hitRatio);

  return {
    getOrSet(key, load, { tags = [] } = {}) {
      asked += 1;
      const found = entries.get(key);
      if (found !== undefined) {
        hits += 1;
        return found;
      }
      // As a promise from the start: who asks meanwhile waits for this load, and what is thrown away meanwhile is gone.
      const loading = Promise.resolve().then(load);
      entries.set(key, loading, tags);
      loading.catch(() => {
        entries.deleteValue(key, loading);
      });
      return loading;
    },
    delete(key) {
      entries.delete(key);
      return Promise.resolve();
    },
    deleteByTag(tag) {
      entries.deleteByTag(tag);
      return Promise.resolve();
    },
    clear() {
      entries.clear();
      return Promise.resolve();
    },
    hitRatio,
  };
}
