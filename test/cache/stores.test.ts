import { describe, expect, it } from 'vitest';
import { createCache, type CacheOptions } from 'express-runbook/cache';
import { requireTool } from '../support/real-tools.js';
import { testRedis } from '../support/redis.js';

const redis = testRedis();
const hasRedis = requireTool('redis-server').isInstalled;

const STORES: readonly [name: string, options: () => Promise<Partial<CacheOptions>>][] = [
  ['memory', () => Promise.resolve({})],
  ...(hasRedis
    ? [['Redis', async () => ({ redis: redis.client((await redis.start()).port) })] as (typeof STORES)[number]]
    : []),
];

describe.each(STORES)('a cache in %s', (_name, options) => {
  it('keeps, gives, loads once and throws away, by the same calls (X-53, CCH-05)', async () => {
    const cache = createCache<unknown>({ name: 'same', ...(await options()) });
    await cache.set('zero', 0, { tags: ['numbers'] });
    expect(await cache.get('zero')).toBe(0);
    expect(await cache.get('nothing')).toBeUndefined();

    let loads = 0;
    const load = () => Promise.resolve({ loads: ++loads });
    const ask = () => cache.cached('loaded', load, { tags: ['numbers', 'others'], ttlMs: 60_000 });
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([{ loads: 1 }, { loads: 1 }, { loads: 1 }]);
    await expect.poll(() => cache.get('loaded')).toEqual({ loads: 1 });

    await cache.set('kept', 'x', { tags: ['others', 'third'] });
    await cache.deleteByTag('numbers');
    expect([await cache.get('zero'), await cache.get('loaded'), await cache.get('kept')]).toEqual([
      undefined,
      undefined,
      'x',
    ]);
    await cache.delete('kept');
    expect(await cache.get('kept')).toBeUndefined();

    await cache.set('short', 'x', 1);
    await expect.poll(() => cache.get('short')).toBeUndefined();
    await Promise.all(['a', 'b'].map((key) => cache.set(key, key)));
    await cache.clear();
    expect([await cache.get('a'), await cache.get('b')]).toEqual([undefined, undefined]);
  });
});
