import { describe, expect, it } from 'vitest';
import { createMetrics } from 'express-runbook';
import { CacheLoadTimeoutError, createCache } from 'express-runbook/cache';
import { fakeClock } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
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
    expect(await cache.cached('a', load)).toBe(0);
    expect(await cache.cached('a', load)).toBe(0);
    expect(calls()).toBe(1);
  });

  it.each([0, '', false, null])('keeps %j, which is a value (CCH-03, X-42, T-30)', async (falsy) => {
    const cache = createCache<unknown>({ name: 'falsy' });
    const { load, calls } = counting<unknown>([falsy, 'again']);
    expect(await cache.cached('a', load)).toBe(falsy);
    expect(await cache.cached('a', load)).toBe(falsy);
    expect(calls()).toBe(1);
    expect(await cache.get('a')).toBe(falsy);
  });

  it('does not keep undefined, which is none', async () => {
    const cache = createCache<unknown>({ name: 'none' });
    expect(await cache.cached('a', () => undefined)).toBeUndefined();
    expect(await cache.cached('a', () => 'there now')).toBe('there now');
  });

  it('fails a load that hangs, aborts it, and loads again for the next (S38)', async () => {
    const cache = createCache<string>({ name: 'slow', loadTimeoutMs: 5 });
    let signal: AbortSignal | undefined;
    const hang = (given: AbortSignal): Promise<string> => {
      signal = given;
      return new Promise(() => undefined);
    };
    await expect(cache.cached('a', hang)).rejects.toThrow(CacheLoadTimeoutError);
    expect(signal?.aborted).toBe(true);
    expect(await cache.cached('a', () => 'back')).toBe('back');
  });

  it('gives the old value after its time while one load renews it, and keeps it when that fails', async () => {
    const clock = fakeClock();
    const logger = recordingLogger();
    const cache = createCache<string>({ name: 'stale', ttlMs: 1000, staleMs: 5000, now: clock.now, logger });
    const { load, calls } = counting(['old', 'new', 'newest']);
    await cache.cached('a', load);
    clock.advance(1000);
    expect(await Promise.all([cache.cached('a', load), cache.cached('a', load)])).toEqual(['old', 'old']);
    await expect.poll(() => cache.cached('a', load)).toBe('new');
    expect(calls()).toBe(2);
    clock.advance(1000);
    const fail = (): string => {
      throw new Error('database away');
    };
    expect(await cache.cached('a', fail)).toBe('new');
    await expect.poll(() => logger.lines.length).toBe(1);
    // A source that has just failed is left alone for a moment.
    expect(await cache.cached('a', load)).toBe('new');
    expect(calls()).toBe(2);
    clock.advance(5000);
    expect(await cache.cached('a', load)).toBe('newest');
  });

  it('takes a time of its own for a value, as options or as a number (CCH-02)', async () => {
    const clock = fakeClock();
    const cache = createCache<string>({ name: 'times', now: clock.now });
    await cache.cached('events:user:1', () => 'short', 1000);
    await cache.set('long', 'long', { ttlMs: 600_000 });
    clock.advance(1000);
    expect(await cache.get('events:user:1')).toBeUndefined();
    clock.advance(598_999);
    expect(await cache.get('long')).toBe('long');
  });

  it('does not let a load that began before take the place of what was set', async () => {
    const cache = createCache<string>({ name: 'set' });
    let finish: (value: string) => void = () => undefined;
    const before = cache.cached('a', () => new Promise<string>((resolve) => (finish = resolve)));
    await new Promise((resolve) => setImmediate(resolve));
    await cache.set('a', 'set');
    finish('loaded');
    await before;
    expect(await cache.get('a')).toBe('set');
  });

  it('holds 500 values when nothing else is said: the 501st pushes out the oldest (CCH-02)', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const cache = createCache<number>({ name: 'lru', registry: metrics.registry });
    for (let n = 0; n < 501; n++) await cache.set(`key ${String(n)}`, n);
    expect(await cache.get('key 0')).toBeUndefined();
    expect(await cache.get('key 1')).toBe(1);
    const text = await metrics.render();
    expect(valueOf(text, 'cache_evictions_total{cache="lru"}')).toBe(1);
    expect(valueOf(text, 'cache_entries{cache="lru"}')).toBe(500);
  });

  it('keeps keys apart that look like parts of an object (S38)', async () => {
    const cache = createCache<string>({ name: 'odd' });
    const keys = ['__proto__', 'constructor', '', '\0', '😀', 'x'.repeat(10_000)];
    for (const key of keys) await cache.set(key, `of ${key}`);
    for (const key of keys) expect(await cache.get(key)).toBe(`of ${key}`);
  });

  it('counts hits, misses and loads that failed (MET-21)', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const cache = createCache<string>({ name: 'counted', registry: metrics.registry });
    for (let n = 0; n < 3; n++) await cache.cached('a', () => 'x');
    await cache.cached('b', () => Promise.reject(new Error('away'))).catch(() => undefined);
    const text = await metrics.render();
    expect(valueOf(text, 'cache_hits_total{cache="counted"}')).toBe(2);
    expect(valueOf(text, 'cache_misses_total{cache="counted"}')).toBe(2);
    expect(valueOf(text, 'cache_load_failures_total{cache="counted"}')).toBe(1);
    expect(valueOf(text, 'cache_load_duration_seconds_count{cache="counted"}')).toBe(2);
  });

  it('loads once for all who ask at the same time (CCH-09, S38)', async () => {
    const cache = createCache<string>({ name: 'texts' });
    const { load, calls } = counting(['x']);
    const slow = async (): Promise<string> => {
      await new Promise((resolve) => setImmediate(resolve));
      return load();
    };
    const values = await Promise.all(Array.from({ length: 1000 }, () => cache.cached('a', slow)));
    expect(new Set(values)).toEqual(new Set(['x']));
    expect(calls()).toBe(1);
  });

  it('tells everybody who waited of a failed load, and loads again for the next (S38)', async () => {
    const cache = createCache<string>({ name: 'texts' });
    const fail = (): Promise<string> => Promise.reject(new Error('database away'));
    const both = await Promise.allSettled([cache.cached('a', fail), cache.cached('a', fail)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await cache.cached('a', () => 'back')).toBe('back');
  });

  it('loads again when its time is over, and at once with none', async () => {
    const clock = fakeClock();
    const cache = createCache<string>({ name: 'texts', ttlMs: 1000, now: clock.now });
    const { load } = counting(['old', 'new']);
    await cache.cached('a', load);
    clock.advance(999);
    expect(await cache.cached('a', load)).toBe('old');
    clock.advance(1);
    expect(await cache.cached('a', load)).toBe('new');
    const none = createCache<string>({ name: 'none', ttlMs: 0, now: clock.now });
    await none.cached('a', () => 'old');
    expect(await none.cached('a', () => 'new')).toBe('new');
  });

  it('keeps no more than maxEntries, those that were asked for latest', async () => {
    const cache = createCache<string>({ name: 'texts', maxEntries: 2 });
    for (const key of ['a', 'b', 'a', 'c']) await cache.cached(key, () => 'first');
    const again: string[] = [];
    for (const key of ['a', 'c', 'b']) again.push(await cache.cached(key, () => 'again'));
    expect(again).toEqual(['first', 'first', 'again']);
  });

  it('throws away by key, by tag, and everything', async () => {
    const cache = createCache<string>({ name: 'texts' });
    const values = async (): Promise<string[]> => [
      await cache.cached('a', () => 'new a', { tags: ['user:1'] }),
      await cache.cached('b', () => 'new b', { tags: ['user:1', 'user:2'] }),
      await cache.cached('c', () => 'new c', { tags: ['user:2'] }),
    ];
    for (const key of ['a', 'b', 'c']) await cache.cached(key, () => 'old', { tags: key === 'c' ? [] : ['user:1'] });
    await cache.deleteByTag('user:1');
    expect(await values()).toEqual(['new a', 'new b', 'old']);
    await cache.delete('c');
    expect(await values()).toEqual(['new a', 'new b', 'new c']);
    await cache.clear();
    expect(await cache.cached('a', () => 'newest')).toBe('newest');
  });

  it('does not keep what was thrown away while it was being loaded', async () => {
    const cache = createCache<string>({ name: 'texts' });
    let finish: (value: string) => void = () => undefined;
    const before = cache.cached('a', () => new Promise<string>((resolve) => (finish = resolve)), { tags: ['t'] });
    await cache.deleteByTag('t');
    await new Promise((resolve) => setImmediate(resolve));
    finish('stale');
    expect(await before).toBe('stale');
    expect(await cache.cached('a', () => 'fresh')).toBe('fresh');
  });

  it('shows cache_hit_ratio from the start, 0 and not NaN, then hits of all (MET-05, CCH-06)', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const cache = createCache<string>({ name: 'projects', registry: metrics.registry });
    createCache({ name: 'users', registry: metrics.registry });
    expect(valueOf(await metrics.render(), 'cache_hit_ratio{cache="projects"}')).toBe(0);
    for (let n = 0; n < 4; n++) await cache.cached('a', () => 'x');
    expect(cache.hitRatio()).toBe(0.75);
    expect(valueOf(await metrics.render(), 'cache_hit_ratio{cache="projects"}')).toBe(0.75);
    expect(valueOf(await metrics.render(), 'cache_hit_ratio{cache="users"}')).toBe(0);
  });

  it.each([
    ['no name', {}, 'createCache.name is required'],
    ['no room', { name: 'x', maxEntries: 0 }, 'createCache.maxEntries must be a whole number'],
    ['a typing error', { name: 'x', ttlMS: 1 }, 'did you mean ttlMs?'],
  ])('refuses %s by name', (_what, options, message) => {
    expect(() => createCache(options as never)).toThrow(message);
  });
});
