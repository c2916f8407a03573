import type { RedisCommands } from '../../core/redis.js';
import { countedInRedis } from '../counted-in-redis.js';
import type { RequestQuotaSettings } from './options.js';
import type { CalendarPeriod } from './period.js';

/** Counts one request and gives how many of its key there were in the period, this one included. */
export type CountRequest = (key: string, period: CalendarPeriod) => number | Promise<number>;

// One script, so that a key without an end cannot be left behind.
const COUNT = `
local used = redis.call('INCR', KEYS[1])
if used == 1 then redis.call('PEXPIREAT', KEYS[1], ARGV[1]) end
return used`;

export function periodCounts(settings: RequestQuotaSettings): CountRequest {
  const local = localCounts(settings.maxKeys);
  return settings.redis === undefined ? local : sharedCounts(settings.redis, settings, local);
}

function localCounts(maxKeys: number): (key: string, period: CalendarPeriod) => number {
  let current = '';
  let counts = new Map<string, number>();
  return (key, { id }) => {
    if (id !== current) {
      current = id;
      counts = new Map();
    }
    const used = (counts.get(key) ?? 0) + 1;
    if (used === 1 && counts.size >= maxKeys) counts.delete(firstOf(counts));
    counts.set(key, used);
    return used;
  };
}

function firstOf(counts: ReadonlyMap<string, number>): string {
  const { value } = counts.keys().next();
  return value ?? '';
}

function sharedCounts(
  redis: RedisCommands,
  { name, whenRedisFails, redisTimeoutMs, logger, registry }: RequestQuotaSettings,
  local: (key: string, period: CalendarPeriod) => number,
): CountRequest {
  const counted = countedInRedis({
    name,
    answer: whenRedisFails,
    timeoutMs: redisTimeoutMs,
    now: () => performance.now(),
    logger,
    registry,
  });
  return (key, period) =>
    counted(
      async () =>
        Number(await redis.call('EVAL', COUNT, '1', `quota:${name}:${period.id}:${key}`, String(period.endsAt))),
      () => local(key, period),
    );
}
