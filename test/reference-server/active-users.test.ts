import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { createMetrics, type Metrics } from 'express-runbook';
import { valueOf } from '../metrics/exposition-value.js';
import { fromExample } from '../support/example-sources.js';
import { requireTool } from '../support/real-tools.js';
import { testRedis } from '../support/redis.js';

type Observe = (parts: { metrics: Metrics; redis: Redis | undefined; now: () => number }) => {
  saw: (userId: string) => void;
};

const redisServer = requireTool('redis-server');
const { start, client } = testRedis();

async function observed(now: () => number, redis?: Redis) {
  const metrics = createMetrics({ defaultMetrics: false });
  const observe = (await fromExample('users/active-users.ts')).observeActiveUsers as Observe;
  const { saw } = observe({ metrics, redis, now });
  return { saw, active: async () => valueOf(await metrics.render(), 'active_users') };
}

it('active users are those of the last five minutes, each once (MET-24)', async () => {
  let time = 0;
  const { saw, active } = await observed(() => time);
  expect(await active()).toBe(0);
  for (const userId of ['1', '2', '1']) saw(userId);
  expect(await active()).toBe(2);
  time = 200_000;
  saw('1');
  saw('3');
  time = 300_001;
  expect(await active()).toBe(2);
  time = 600_000;
  expect(await active()).toBe(0);
});

it('at most 10 000 users are told apart, so that their number takes a bounded memory (MET-24)', async () => {
  const { saw, active } = await observed(() => 0);
  for (let user = 0; user < 25_000; user++) saw(String(user));
  expect(await active()).toBe(10_000);
});

it.skipIf(!redisServer.isInstalled)(
  'with Redis, the instances of a service count a user once whichever of them served it, and go on alone without (MET-24)',
  async () => {
    let time = 1_000_000;
    const server = await start();
    const redis = client(server.port);
    const [one, other] = [await observed(() => time, redis), await observed(() => time, redis)];
    for (const userId of ['1', '2']) one.saw(userId);
    for (const userId of ['2', '3']) other.saw(userId);
    expect(await one.active()).toBe(2);
    expect(await other.active()).toBe(3);
    expect(await one.active()).toBe(3);
    expect(await redis.pttl('active_users')).toBeGreaterThan(290_000);

    time += 200_000;
    one.saw('1');
    await one.active();
    time += 100_001;
    expect(await other.active()).toBe(1);
    // More than are told apart are not kept either.
    for (let user = 0; user < 10_000; user++) one.saw(`a${user}`);
    for (let user = 0; user < 10_000; user++) other.saw(`b${user}`);
    expect([await one.active(), await other.active()]).toEqual([10_000, 10_000]);
    expect(await redis.zcard('active_users')).toBe(10_000);

    time += 300_001;
    other.saw('4');
    redis.disconnect();
    expect(await other.active()).toBe(1);
  },
);
