import type { CacheSettings } from './options.js';

interface Entry<Value> {
  readonly value: Value;
  readonly tags: readonly string[];
  readonly expiresAt: number;
}

/** What a cache holds, in the order in which it was last asked for. */
export interface Entries<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value, tags: readonly string[]): void;
  delete(key: string): void;
  /** Deletes the key only as long as it still has this value. */
  deleteValue(key: string, value: Value): void;
  deleteByTag(tag: string): void;
  clear(): void;
}

export function createEntries<Value>({
  ttlMs,
  maxEntries,
  now,
}: Pick<CacheSettings, 'ttlMs' | 'maxEntries' | 'now'>): Entries<Value> {
  // A Map keeps the order of insertion: the first key is the one that was asked for longest ago.
  const entries = new Map<string, Entry<Value>>();

  return {
    get(key) {
      const found = entries.get(key);
      if (found === undefined) return undefined;
      entries.delete(key);
      if (now() >= found.expiresAt) return undefined;
      entries.set(key, found);
      return found.value;
    },
    set(key, value, tags) {
      entries.delete(key);
      entries.set(key, { value, tags, expiresAt: now() + ttlMs });
      if (entries.size > maxEntries) deleteFirst(entries);
    },
    delete: (key) => void entries.delete(key),
    deleteValue(key, value) {
      if (entries.get(key)?.value === value) entries.delete(key);
    },
    deleteByTag(tag) {
      for (const [key, { tags }] of entries) if (tags.includes(tag)) entries.delete(key);
    },
    clear: () => {
      entries.clear();
    },
  };
}

function deleteFirst(entries: Map<string, unknown>): void {
  for (const key of entries.keys()) {
    entries.delete(key);
    return;
  }
}
