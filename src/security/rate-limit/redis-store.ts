import type { Options, Store } from 'express-rate-limit';
import { RedisStore, type RedisReply } from 'rate-limit-redis';
import type { RedisCommands } from '../../core/redis.js';
import { countedInRedis } from '../counted-in-redis.js';
import type { RateLimiterSettings } from './options.js';
import { windowStore } from './window-store.js';

/**
 * Counts of all instances together, in fixed windows by the clock of Redis; one atomic script per hit. While Redis is away
 * `whenRedisFails` says what counts.
 */
export function redisStore(redis: RedisCommands, settings: RateLimiterSettings): Store {
  const { name, windowMs, whenRedisFails, redisTimeoutMs, now, logger, registry } = settings;
  const local = windowStore(settings);
  const prefix = `rate-limit:${name}:`;
  const counted = countedInRedis({ name, answer: whenRedisFails, timeoutMs: redisTimeoutMs, now, logger, registry });
  let connection: Promise<RedisStore> | undefined;

  async function shared<Reply>(work: (store: RedisStore) => Promise<Reply>): Promise<Reply> {
    connection ??= connected(redis, prefix, windowMs);
    try {
      return await work(await connection);
    } catch (error) {
      // Its scripts are loaded once: after a failure it would repeat that for ever.
      connection = undefined;
      throw error;
    }
  }

  return {
    prefix,
    localKeys: false,
    increment: (key) =>
      counted(
        () => shared((store) => store.increment(key)),
        () => local.increment(key) as Awaited<ReturnType<Store['increment']>>,
      ),
    async decrement(key) {
      await shared((store) => store.decrement(key));
    },
    async resetKey(key) {
      await local.resetKey(key);
      await shared((store) => store.resetKey(key));
    },
  };
}

async function connected(redis: RedisCommands, prefix: string, windowMs: number): Promise<RedisStore> {
  const store = new RedisStore({
    prefix,
    // What Redis answers is checked by the store.
    sendCommand: (command, ...args) => redis.call(command, ...args) as Promise<RedisReply>,
  });
  // It reads nothing else of the limiter's options.
  await store.init({ windowMs } as Options);
  return store;
}
