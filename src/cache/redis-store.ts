import { AWAY, redisGuard } from '../core/redis-guard.js';
import type { RedisCommands } from '../core/redis.js';
import type { CacheStore, Keeping, Read } from './cache-store.js';
import { jsonOf, valueOf } from './json-value.js';
import { lateDeletes } from './late-deletes.js';
import type { CacheSettings } from './options.js';
import { cacheGroup, changesOf, groupsOf, tagGroup } from './redis-keys.js';
import { READ, WRITE } from './redis-scripts.js';

const NOTHING = { found: undefined, ticket: undefined };

/**
 * Values as JSON under their bare keys, with the life of Redis. While Redis is away nothing is found and nothing is kept; what
 * is thrown away meanwhile is thrown away before the next look, so that what comes back is never older than what was said.
 */
export function redisStore<Value>(redis: RedisCommands, settings: CacheSettings): CacheStore<Value> {
  const { name, staleMs, redisTimeoutMs, logger } = settings;
  const deletes = lateDeletes(redis, settings);
  const ask = redisGuard({
    timeoutMs: redisTimeoutMs,
    now: () => performance.now(),
    onAway(error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn({ cache: name, reason }, 'Cache goes on without Redis');
    },
    onBack(durationMs) {
      logger.info({ cache: name, duration: Math.round(durationMs) }, 'Cache uses Redis again');
    },
  });
  const onRefused = toldOnce((reason) => {
    logger.warn({ cache: name, reason }, 'A value is not kept in the cache');
  });
  const evaluated = (script: string, keys: readonly string[], ...args: readonly string[]): Promise<unknown> =>
    redis.call('EVAL', script, String(keys.length), ...keys, ...args);

  async function read(key: string, tags: readonly string[]): Promise<Read<Value>> {
    const reply = await ask(async () => {
      await deletes.send();
      return evaluated(READ, [key, ...changesOf(key, name, tags)]);
    });
    if (reply === AWAY) return NOTHING;
    // As the script answers.
    const [text, leftMs, ...changes] = reply as [string | null, number, ...string[]];
    const stored = text === null ? undefined : valueOf(text);
    // What was written under this key is what its caller says.
    const found = stored && { value: stored.value as Value, isFresh: leftMs > staleMs };
    return { found, ticket: changes };
  }

  async function write(key: string, value: Value, { ttlMs, tags }: Keeping, ticket: unknown): Promise<void> {
    const text = jsonOf(value, onRefused);
    const lifeMs = ttlMs + staleMs;
    if (!Array.isArray(ticket) || text === undefined || lifeMs === 0) return;
    const keys = [key, ...changesOf(key, name, tags), ...groupsOf(name, tags)];
    // Whether it is kept is the guard's to tell: who loaded the value has it.
    await ask(() => evaluated(WRITE, keys, String(ticket.length), text, String(lifeMs), ...(ticket as string[])));
  }

  async function sendDeletes(): Promise<void> {
    await ask(() => deletes.send());
  }

  return {
    read,
    write,
    delete(key) {
      deletes.add(key);
      return sendDeletes();
    },
    deleteByTag(tag) {
      deletes.addGroup(tagGroup(tag));
      return sendDeletes();
    },
    clear() {
      deletes.addGroup(cacheGroup(name));
      return sendDeletes();
    },
  };
}

/** A value of a kind that cannot be kept comes again and again. */
function toldOnce(tell: (reason: string) => void): (reason: string) => void {
  let isTold = false;
  return (reason) => {
    if (!isTold) tell(reason);
    isTold = true;
  };
}
