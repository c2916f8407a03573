import { describe, expect, it } from 'vitest';
import { createCache, createMetrics } from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';
import { valueOf } from '../metrics/exposition-value.js';

function counting<Value>(values: readonly Value[]) {
  let calls = 0;
  const load = (): Value => values[Math.min(calls++, values.length - 1)]!;
  return { load, calls: () => calls };
}

describe('createCache', () => {
  it('loads once and gives the value again, falsy ones too (API-02)', async () => {
    const cache = createCache<number>({ name: 'numbers' });
    const { load, calls } = counting([0, 1]);
    expect(await cache.getOrSet('a', load)).toBe(0);
    expect(await cache.getOrSet('a', load)).toBe(0);
    expect(calls()).toBe(1);
  });

  it('loads once for all who ask at the same time', async () => {
    const cache = createCache<string>({ name: 'texts' });
    const { load, calls } = counting(['x']);
    const slow = async (): Promise<string> => {
      await new Promise((resolve) => setImmediate(resolve));
      return load();
    };
    const values = await Promise.all(Array.from({ length: 100 }, () => cache.getOrSet('a', slow)));
    expect(new Set(values)).toEqual(new Set(['x']));
    expect(calls()).toBe(1);
  });

  it('tells everybody who waited of a failed load, and loads again for the next', async () => {
    const cache = createCache<string>({ name: 'texts' });
    const fail = (): Promise<string> => Promise.reject(new Error('database away'));
    const both = await Promise.allSettled([cache.getOrSet('a', fail), cache.getOrSet('a', fail)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await cache.getOrSet('a', () => 'back')).toBe('back');
  });

  it('loads again when its time is over, and at once with none', async () => {
    const clock = fakeClock();
    const cache = createCache<string>({ name: 'texts', ttlMs: 1000, now: clock.now });
    const { load } = counting(['old', 'new']);
    await cache.getOrSet('a', load);
    clock.advance(999);
    expect(await cache.getOrSet('a', load)).toBe('old');
    clock.advance(1);
    expect(await cache.getOrSet('a', load)).toBe('new');
    const none = createCache<string>({ name: 'none', ttlMs: 0, now: clock.now });
    await none.getOrSet('a', () => 'old');
    expect(await none.getOrSet('a', () => 'new')).toBe('new');
  });

  it('keeps no more than maxEntries, those that were asked for latest', async () => {
    const cache = createCache<string>({ name: 'texts', maxEntries: 2 });
    for (const key of ['a', 'b', 'a', 'c']) await cache.getOrSet(key, () => 'first');
    const again: string[] = [];
    for (const key of ['a', 'c', 'b']) again.push(await cache.getOrSet(key, () => 'again'));
    expect(again).toEqual(['first', 'first', 'again']);
  });

  it('throws away by key, by tag, and everything', async () => {
    const cache = createCache<string>({ name: 'texts' });
    const values = async (): Promise<string[]> => [
      await cache.getOrSet('a', () => 'new a', { tags: ['user:1'] }),
      await cache.getOrSet('b', () => 'new b', { tags: ['user:1', 'user:2'] }),
      await cache.getOrSet('c', () => 'new c', { tags: ['user:2'] }),
    ];
    for (const key of ['a', 'b', 'c']) await cache.getOrSet(key, () => 'old', { tags: key === 'c' ? [] : ['user:1'] });
    await cache.deleteByTag('user:1');
    expect(await values()).toEqual(['new a', 'new b', 'old']);
    await cache.delete('c');
    expect(await values()).toEqual(['new a', 'new b', 'new c']);
    await cache.clear();
    expect(await cache.getOrSet('a', () => 'newest')).toBe('newest');
  });

  it('does not keep what was thrown away while it was being loaded', async () => {
    const cache = createCache<string>({ name: 'texts' });
    let finish: (value: string) => void = () => undefined;
    const before = cache.getOrSet('a', () => new Promise<string>((resolve) => (finish = resolve)), { tags: ['t'] });
    await cache.deleteByTag('t');
    await new Promise((resolve) => setImmediate(resolve));
    finish('stale');
    expect(await before).toBe('stale');
    expect(await cache.getOrSet('a', () => 'fresh')).toBe('fresh');
  });

  it('shows cache_hit_ratio from the start, 0 and not NaN, then hits of all (MET-05)', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const cache = createCache<string>({ name: 'projects', registry: metrics.registry });
    createCache({ name: 'users', registry: metrics.registry });
    expect(valueOf(await metrics.render(), 'cache_hit_ratio{cache="projects"}')).toBe(0);
    for (let n = 0; n < 4; n++) await cache.getOrSet('a', () => 'x');
    expect(cache.hitRatio()).toBe(0.75);
    expect(valueOf(await metrics.render(), 'cache_hit_ratio{cache="projects"}')).toBe(0.75);
    expect(valueOf(await metrics.render(), 'cache_hit_ratio{cache="users"}')).toBe(0);
  });

  it.each([
    ['no name', {}, 'createCache.name is required'],
    ['a size below 0', { name: 'x', maxEntries: -1 }, 'createCache.maxEntries must be a whole number'],
    ['a typing error', { name: 'x', ttlMS: 1 }, 'did you mean ttlMs?'],
  ])('refuses %s by name', (_what, options, message) => {
    expect(() => createCache(options as never)).toThrow(message);
  });
});
