import type { RedisCommands } from '../core/redis.js';
import type { CacheSettings } from './options.js';
import { cacheGroup, changeOf } from './redis-keys.js';
import { counterLifeMs, DELETE, DELETE_MEMBERS } from './redis-scripts.js';

const MAX_WAITING = 10_000;

/** What is to be thrown away and is not yet: it waits while Redis is away. */
export interface LateDeletes {
  add(key: string): void;
  addGroup(group: string): void;
  /** Resolves when nothing waits any more; rejects when Redis does not take it. */
  send(): Promise<void>;
}

export function lateDeletes(redis: RedisCommands, { name, loadTimeoutMs }: CacheSettings): LateDeletes {
  const keys = new Set<string>();
  const groups = new Set<string>();
  const counterMs = String(counterLifeMs(loadTimeoutMs));

  async function sendAll(waiting: Set<string>, script: string): Promise<void> {
    for (const one of waiting) {
      await redis.call('EVAL', script, '2', one, changeOf(one), counterMs);
      waiting.delete(one);
    }
  }

  return {
    add(key) {
      keys.add(key);
      if (keys.size <= MAX_WAITING) return;
      // A long outage with many writes: everything of this cache goes instead.
      keys.clear();
      groups.add(cacheGroup(name));
    },
    addGroup: (group) => void groups.add(group),
    async send() {
      if (groups.size > 0) await sendAll(groups, DELETE_MEMBERS);
      if (keys.size > 0) await sendAll(keys, DELETE);
    },
  };
}
