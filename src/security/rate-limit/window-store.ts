import type { Store } from 'express-rate-limit';
import type { RateLimiterSettings } from './options.js';

interface Window {
  hits: number;
  readonly endsAt: number;
}

/**
 * Counts in memory: fixed windows, a bounded number of keys, and no timer. express-rate-limit's own store has no bound and
 * follows the wall clock.
 *
 * Keys live in two generations. After a window, or when the young one is full, it becomes the old one and the old one is
 * dropped whole: after a window all of its entries have ended, and no single key ever has to be searched for.
 */
export function windowStore({ windowMs, maxKeys, now }: RateLimiterSettings): Store {
  let young = new Map<string, Window>();
  let old = new Map<string, Window>();
  let turnedAt = now();

  function windowOf(key: string): Window {
    const time = now();
    if (time - turnedAt >= windowMs || young.size >= Math.floor(maxKeys / 2)) {
      old = young;
      young = new Map();
      turnedAt = time;
    }
    const current = young.get(key) ?? old.get(key);
    if (current !== undefined && current.endsAt > time) return current;
    const fresh = { hits: 0, endsAt: time + windowMs };
    young.set(key, fresh);
    return fresh;
  }

  return {
    localKeys: true,
    increment(key) {
      const current = windowOf(key);
      current.hits += 1;
      // A date of the wall clock, as the headers are computed from it.
      return { totalHits: current.hits, resetTime: new Date(Date.now() + current.endsAt - now()) };
    },
    decrement(key) {
      const current = windowOf(key);
      current.hits = Math.max(0, current.hits - 1);
    },
    resetKey(key) {
      young.delete(key);
      old.delete(key);
    },
  };
}
