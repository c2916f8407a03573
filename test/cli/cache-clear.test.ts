import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { createCache } from 'express-runbook/cache';
import { requireTool } from '../support/real-tools.js';
import { startRedis } from '../support/redis.js';
import { freePort } from '../support/reference-server.js';
import { cli as call } from './cli.js';

const redis = requireTool('redis-server');

describe.skipIf(!redis.isInstalled)('express-runbook cache clear', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function filled() {
    const server = await startRedis();
    closing.push(() => server.end());
    const client = new Redis({ port: server.port, host: '127.0.0.1' });
    closing.push(() => {
      client.disconnect();
    });
    for (const name of ['projects', 'users']) {
      const cache = createCache<number>({ name, redis: client, redisTimeoutMs: 30_000 });
      for (let n = 1; n <= 3; n++) await cache.set(`${name}:${String(n)}`, n, { tags: [`user:${String(n)}`] });
    }
    await client.set('not ours', 'x');
    const env = { REDIS_URL: `redis://127.0.0.1:${String(server.port)}` };
    const left = async (): Promise<string[]> =>
      (await client.keys('*:[0-9]')).filter((key) => !/^(tag|changed):/.test(key));
    return { client, env, left };
  }

  it('throws away all that caches keep, and nothing else (CCH-08)', async () => {
    const { client, env, left } = await filled();
    const { exitCode, stdout } = await call(['cache', 'clear', '--dotenv', '/nonexistent/.env'], { env });
    expect([exitCode, stdout]).toEqual([0, 'cache-keys:projects: 3 thrown away\ncache-keys:users: 3 thrown away\n']);
    expect(await left()).toEqual([]);
    expect(await client.get('not ours')).toBe('x');
    expect((await call(['cache', 'clear', '--dotenv', '/nonexistent/.env'], { env })).stdout).toBe(
      'no cache keeps anything in Redis\n',
    );
  });

  it('throws away one cache, one tag, one key', async () => {
    const { env, left } = await filled();
    await call(['cache', 'clear', '--dotenv', '/nonexistent/.env', '--name', 'users'], { env });
    expect((await left()).sort()).toEqual(['projects:1', 'projects:2', 'projects:3']);
    const { stdout } = await call(
      ['cache', 'clear', '--dotenv', '/nonexistent/.env', '--tag', 'user:1', '--key', 'projects:2', '--json'],
      { env },
    );
    expect(JSON.parse(stdout)).toEqual({ 'tag:user:1': 1, 'projects:2': 1 });
    expect(await left()).toEqual(['projects:3']);
  });

  it('says what is wrong, without the password', async () => {
    const env = { REDIS_URL: `redis://:hunter2@127.0.0.1:${String(await freePort())}` };
    const away = await call(['cache', 'clear', '--dotenv', '/nonexistent/.env'], { env });
    expect(away.exitCode).toBe(1);
    expect(away.stderr).toMatch(/Redis at 127\.0\.0\.1:\d+ did not do it: connect ECONNREFUSED/);
    expect(away.stderr).not.toContain('hunter2');
    const none = await call(['cache', 'clear', '--dotenv', '/nonexistent/.env'], { env: {} });
    expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining('set REDIS_URL or REDIS_HOST')]);
  });
});
