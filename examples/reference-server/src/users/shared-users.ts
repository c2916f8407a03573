import type { RedisCommands } from 'express-runbook';

const KEY = 'active_users';
/** Users in one command: a long one would hold up the others. */
const BATCH = 500;

interface Limits {
  readonly windowMs: number;
  readonly maxUsers: number;
}

export interface SharedUsers {
  /** Tells whom this process has seen since it did so last, and gives how many were seen by all. Rejects while Redis is away. */
  countWith(lastSeen: ReadonlyMap<string, number>, now: number): Promise<number>;
}

/** A sorted set of users by the time of their last request, which forgets them with the window and grows no further than the limit. */
export function sharedUsers(redis: RedisCommands, { windowMs, maxUsers }: Limits): SharedUsers {
  let toldUntil = -Infinity;
  return {
    async countWith(lastSeen, now) {
      const news = [...lastSeen].filter(([, seenAt]) => seenAt >= toldUntil);
      for (let from = 0; from < news.length; from += BATCH) {
        const some = news.slice(from, from + BATCH).flatMap(([userId, seenAt]) => [String(seenAt), userId]);
        // Another instance may have seen them later.
        await redis.call('ZADD', KEY, 'GT', ...some);
      }
      toldUntil = now;
      await redis.call('ZREMRANGEBYSCORE', KEY, '-inf', `(${String(now - windowMs)}`);
      await redis.call('ZREMRANGEBYRANK', KEY, '0', String(-maxUsers - 1));
      await redis.call('PEXPIRE', KEY, String(windowMs));
      return Number(await redis.call('ZCARD', KEY));
    },
  };
}
