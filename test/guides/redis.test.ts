import { execFileSync } from 'node:child_process';
import request from 'supertest';
import { afterAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { startRedis } from '../support/redis.js';
import { snippetsOf } from './snippets-of.js';

const redis = requireTool('redis-server');

describe.skipIf(!redis.isInstalled)('the page about Redis', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  it('shows code that works, and what redis-cli says of it', async () => {
    const [snippet] = snippetsOf('docs/guides/redis.md', 'ts');
    expect(snippet?.path).toBe('test/guides/redis/service.ts');
    expect(snippet?.code).toBe(snippet?.source);

    const server = await startRedis();
    closing.push(() => server.end());
    process.env.REDIS_URL = `redis://127.0.0.1:${String(server.port)}`;
    process.env.LOG_LEVEL = 'fatal';
    process.env.LOG_REQUESTS = 'false';
    const { app, ops, store } = await import('./redis/service.js');
    closing.push(() => ops.shutdown.shutdown('test'));
    const cli = (...args: string[]): string =>
      execFileSync('redis-cli', ['-p', String(server.port), ...args]).toString();

    await expect
      .poll(async () => (await request(app).get('/health')).text, { timeout: 10_000 })
      .toContain('"redis":{"status":"up"');
    const answer = await request(app).get('/prices/bolt').expect(200, { item: 'bolt', price: 3 });
    expect(answer.headers.ratelimit).toMatch(/^"100-in-1min"; r=\d+; t=\d+, "10000-per-day"; r=9999; t=\d+$/);
    store.set('bolt', 4);
    await expect.poll(() => cli('ttl', 'price:bolt'), { timeout: 10_000 }).toMatch(/^(300|29\d)\n$/);
    await request(app).get('/prices/bolt').expect(200, { item: 'bolt', price: 3 });
    await request(app).delete('/prices').expect(204);
    await request(app).get('/prices/bolt').expect(200, { item: 'bolt', price: 4 });
    expect(cli('info', 'stats')).toMatch(/keyspace_hits:[1-9]/);
    const { text } = await request(app).get('/metrics');
    for (const name of ['cache_hit_ratio{cache="prices"}', 'redis_up', 'rate_limit_fallback_total{answer="local"}']) {
      expect(text).toContain(name);
    }

    await server.end();
    await request(app).get('/prices/bolt').expect(200, { item: 'bolt', price: 4 });
  });
});
