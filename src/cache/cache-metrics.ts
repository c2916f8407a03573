import { counter, gauge, histogram } from '../instruments/instruments.js';
import { showHitRatio } from './hit-ratio.js';
import type { CacheSettings } from './options.js';

const LOAD_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface CacheMetrics {
  hit: () => void;
  miss: () => void;
  stale: () => void;
  evicted: () => void;
  loaded: (seconds: number) => void;
  failed: () => void;
  hitRatio: () => number;
}

/** Counts for itself, and on the registry when there is one. Every series is there from the start. */
export function cacheMetrics({ registry, name }: CacheSettings): CacheMetrics {
  const count = { hits: 0, misses: 0 };
  const hitRatio = (): number => {
    const asked = count.hits + count.misses;
    return asked === 0 ? 0 : count.hits / asked;
  };
  if (registry === undefined) {
    const nothing = (): void => undefined;
    const hit = (): void => {
      count.hits++;
    };
    const miss = (): void => {
      count.misses++;
    };
    return { hit, miss, stale: nothing, evicted: nothing, loaded: nothing, failed: nothing, hitRatio };
  }
  showHitRatio(registry, name, hitRatio);
  const counted = (metric: string, help: string): (() => void) => {
    const series = counter(registry, { name: metric, help, labelNames: ['cache'] }).labels({ cache: name });
    series.inc(0);
    return () => {
      series.inc();
    };
  };
  const hits = counted('cache_hits_total', 'Values asked for that were in the cache');
  const misses = counted('cache_misses_total', 'Values asked for that were not in the cache');
  const loads = histogram(registry, {
    name: 'cache_load_duration_seconds',
    help: 'Time that it took to load a value that was not in the cache',
    labelNames: ['cache'],
    buckets: LOAD_BUCKETS,
  }).labels({ cache: name });
  return {
    hit() {
      count.hits++;
      hits();
    },
    miss() {
      count.misses++;
      misses();
    },
    stale: counted('cache_stale_hits_total', 'Values given after their time, while a new one was loaded'),
    evicted: counted('cache_evictions_total', 'Values that went because the cache was full'),
    failed: counted('cache_load_failures_total', 'Loads that failed or took too long'),
    loaded: (seconds) => {
      loads.observe(seconds);
    },
    hitRatio,
  };
}

/** How many values a cache in memory holds. */
export function showEntries({ registry, name }: CacheSettings, size: () => number): void {
  if (registry === undefined) return;
  const shown = gauge(registry, {
    name: 'cache_entries',
    help: 'Values in the cache, of those in memory',
    labelNames: ['cache'],
    collect() {
      this.set({ cache: name }, size());
    },
  });
  shown.set({ cache: name }, size());
}
