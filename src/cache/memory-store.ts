import { LRUCache } from 'lru-cache';
import type { CacheStore } from './cache-store.js';
import type { CacheSettings } from './options.js';

interface Entry<Value> {
  readonly value: Value;
  readonly tags: readonly string[];
  readonly freshUntil: number;
  readonly endsAt: number;
}

const NOTHING = { found: undefined, ticket: undefined };

/** Values as they are, in this process; beyond the bound the one that was asked for longest ago goes. */
export function memoryStore<Value>(
  { maxEntries, staleMs, now }: CacheSettings,
  onEvicted: () => void,
): CacheStore<Value> & { size: () => number } {
  const entries = new LRUCache<string, Entry<Value>>({
    max: maxEntries,
    dispose(_entry, _key, reason) {
      if (reason === 'evict') onEvicted();
    },
  });

  return {
    read(key) {
      const entry = entries.get(key);
      if (entry === undefined) return NOTHING;
      const time = now();
      if (time < entry.endsAt)
        return { found: { value: entry.value, isFresh: time < entry.freshUntil }, ticket: undefined };
      entries.delete(key);
      return NOTHING;
    },
    write(key, value, { ttlMs, tags }) {
      const freshUntil = now() + ttlMs;
      entries.set(key, { value, tags, freshUntil, endsAt: freshUntil + staleMs });
    },
    delete: (key) => void entries.delete(key),
    deleteByTag(tag) {
      for (const [key, { tags }] of [...entries.entries()]) if (tags.includes(tag)) entries.delete(key);
    },
    clear: () => {
      entries.clear();
    },
    size: () => entries.size,
  };
}
