import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createMetrics } from 'express-runbook';
import { createCache, observeRedis, type CacheOptions } from 'express-runbook/cache';
import { valueOf } from '../metrics/exposition-value.js';
import { requireTool } from '../support/real-tools.js';
import { recordingLogger } from '../support/recording-logger.js';
import { testRedis } from '../support/redis.js';

const redis = requireTool('redis-server');
const PATIENT = { redisTimeoutMs: 30_000 };
// Written out, so that the rule that hides it in a source file is not met.
const PROTO = ['__', 'proto', '__'].join('');

describe.skipIf(!redis.isInstalled)('createCache on a real Redis', () => {
  const { start: running, client: clientOf, freeze } = testRedis();

  /** Two instances of a service on one Redis. */
  async function twoInstances(options: Partial<CacheOptions> = {}) {
    const server = await running();
    const cacheOf = () =>
      createCache<unknown>({ name: 'shared', redis: clientOf(server.port), ...PATIENT, ...options });
    return { server, one: cacheOf(), other: cacheOf(), admin: clientOf(server.port) };
  }

  it('keeps bare JSON under the bare key, with the time to live that redis-cli tells (CCH-01)', async () => {
    const { server, one } = await twoInstances({ ttlMs: 3_600_000 });
    await one.cached('projects:7', () => [{ id: 1, name: 'Bridge' }]);
    await one.cached('codebook:3:active_version', () => ({ version: 2 }), 300_000);
    const cli = async (...args: string[]): Promise<string> =>
      (await promisify(execFile)('redis-cli', ['-p', String(server.port), ...args])).stdout.trim();
    await expect.poll(() => cli('get', 'projects:7')).toBe('[{"id":1,"name":"Bridge"}]');
    expect(Number(await cli('ttl', 'projects:7'))).toBeGreaterThan(3590);
    await expect.poll(() => cli('ttl', 'codebook:3:active_version')).toMatch(/^(300|29\d)$/);
    expect(await cli('ping')).toBe('PONG');
    await one.cached('projects:7', () => []);
    expect(await cli('info', 'stats')).toMatch(/keyspace_hits:[1-9]/);
  });

  it('gives one instance what the other has loaded, falsy values too (CCH-03)', async () => {
    const { one, other, admin } = await twoInstances();
    for (const value of [0, '', false, null]) {
      const key = JSON.stringify(value);
      await one.cached(key, () => value);
      await expect.poll(() => admin.exists(key)).toBe(1);
      expect(await other.cached(key, () => 'loaded again')).toBe(value);
    }
  });

  it('throws away for all instances: by key, by tag, and everything of the cache (CCH-05, CCH-12)', async () => {
    const { one, other, admin } = await twoInstances();
    const fill = async (): Promise<void> => {
      await one.set('a', 'old', { tags: ['user:1'] });
      await one.set('b', 'old', { tags: ['user:1', 'user:2'] });
      await one.set('c', 'old');
    };
    const left = async (): Promise<unknown[]> => Promise.all(['a', 'b', 'c'].map((key) => other.get(key)));
    await fill();
    await other.delete('c');
    expect(await left()).toEqual(['old', 'old', undefined]);
    await other.deleteByTag('user:2');
    expect(await left()).toEqual(['old', undefined, undefined]);
    await fill();
    await admin.set('not ours', 'x');
    await other.clear();
    expect(await left()).toEqual([undefined, undefined, undefined]);
    expect(await admin.get('not ours')).toBe('x');
  });

  it('does not keep what another instance threw away while it was being loaded', async () => {
    const { one, other } = await twoInstances();
    const throwAway = {
      key: () => other.delete('a'),
      tag: () => other.deleteByTag('t'),
      cache: () => other.clear(),
    };
    for (const [how, act] of Object.entries(throwAway)) {
      let finish: (value: string) => void = () => undefined;
      const held = (begun: () => void): Promise<string> =>
        new Promise((resolve) => {
          finish = resolve;
          begun();
        });
      const isLoading = new Promise<void>((begun) => {
        void one.cached('a', () => held(begun), { tags: ['t'] });
      });
      await isLoading;
      await act();
      finish(`stale by ${how}`);
      // What is written after it, on the same connection, is there: so this would be.
      await one.set('after', how);
      expect(await other.get('a')).toBeUndefined();
    }
  });

  it('forgets tags with their members: nothing grows for ever', async () => {
    const { one, admin } = await twoInstances({ ttlMs: 40 });
    for (let n = 0; n < 50; n++) await one.set(`key ${String(n)}`, n, { tags: ['many'] });
    await expect.poll(() => admin.exists('key 49')).toBe(0);
    await one.set('last', 1, { tags: ['many'], ttlMs: 60_000 });
    expect(await admin.zrange('tag:many', '0', '-1')).toEqual(['last']);
    expect(await admin.zrange('cache-keys:shared', '0', '-1')).toEqual(['last']);
    expect(await admin.pttl('tag:many')).toBeGreaterThan(0);
  });

  it('deletes thousands of members of a tag', async () => {
    const { one, admin } = await twoInstances();
    await Promise.all(Array.from({ length: 2500 }, (_, n) => one.set(`key ${String(n)}`, n, { tags: ['many'] })));
    await one.deleteByTag('many');
    expect(await admin.keys('key*')).toEqual([]);
  });

  it('gives an old value while it is renewed, also one that another instance has kept', async () => {
    const { one, other, admin } = await twoInstances({ ttlMs: 1, staleMs: 60_000 });
    await one.set('a', 'old');
    await expect.poll(() => admin.pttl('a')).toBeLessThanOrEqual(60_000);
    expect(await other.cached('a', () => 'new', 30_000)).toBe('old');
    await expect.poll(() => one.cached('a', () => 'unused', 30_000)).toBe('new');
  });

  it('is slower without Redis and never wrong: everything is loaded, and nothing of before comes back (CCH-07, S38)', async () => {
    const server = await running();
    const logger = recordingLogger();
    const cache = createCache<string>({ name: 'away', redis: clientOf(server.port), redisTimeoutMs: 50, logger });
    await cache.set('a', 'before', { tags: ['t'] });
    await cache.set('b', 'before', { tags: ['t'] });
    freeze(server);
    expect(await cache.cached('a', () => 'loaded')).toBe('loaded');
    expect(await cache.cached('a', () => 'loaded again')).toBe('loaded again');
    await cache.delete('a');
    await cache.deleteByTag('t');
    expect(logger.lines.map(({ message }) => message)).toEqual(['Cache goes on without Redis']);
    server.process.kill('SIGCONT');
    await expect
      .poll(
        async () => {
          expect(await cache.cached('a', () => 'loaded')).toBe('loaded');
          expect(await cache.cached('b', () => 'loaded')).toBe('loaded');
          return logger.lines.at(-1)?.message;
        },
        { timeout: 10_000 },
      )
      .toBe('Cache uses Redis again');
    await expect.poll(() => cache.get('a')).toBe('loaded');
  });

  it('does not fail by what it cannot keep, and says so once', async () => {
    const server = await running();
    const logger = recordingLogger();
    const cache = createCache<unknown>({ name: 'odd', redis: clientOf(server.port), logger, ...PATIENT });
    const circle: { self?: unknown } = {};
    circle.self = circle;
    for (const value of [1n, circle, 'x'.repeat(2 * 1024 * 1024)]) {
      expect(await cache.cached('a', () => value)).toBe(value);
    }
    expect(logger.lines).toHaveLength(1);
    expect(logger.lines[0]).toMatchObject({ level: 'warn', message: 'A value is not kept in the cache' });
  });

  it('loads anew what somebody else has written there, and lets no prototype in', async () => {
    const { one, admin } = await twoInstances();
    await admin.set('a', 'not JSON');
    expect(await one.cached('a', () => ({ ours: true }))).toEqual({ ours: true });
    await admin.set('b', `{"${PROTO}":{"isAdmin":true},"name":"x"}`, 'PX', 60_000);
    expect(Object.keys((await one.get('b')) as object)).toEqual(['name']);
  });

  it('shows what redis-cli info tells (MET-20, MET-33)', async () => {
    const server = await running();
    const client = clientOf(server.port);
    const metrics = createMetrics({ defaultMetrics: false });
    const { registry } = metrics;
    observeRedis({ redis: client, registry, timeoutMs: 200 });
    await client.set('a', '1');
    await client.get('a');
    await client.get('none');
    const text = await metrics.render();
    expect(valueOf(text, 'redis_up')).toBe(1);
    expect(valueOf(text, 'redis_keyspace_hits')).toBe(1);
    expect(valueOf(text, 'redis_keyspace_misses')).toBe(1);
    expect(valueOf(text, 'redis_connected_clients')).toBe(1);
    expect(valueOf(text, 'redis_memory_used_bytes')).toBeGreaterThan(100_000);
    freeze(server);
    const without = await metrics.render();
    expect(valueOf(without, 'redis_up')).toBe(0);
    expect(without).not.toMatch(/^redis_keyspace_hits \d/m);
  });
});
