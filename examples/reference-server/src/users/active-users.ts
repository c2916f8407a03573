import type { Metrics, RedisCommands } from 'express-runbook';
import { sharedUsers } from './shared-users.js';

const WINDOW_MS = 300_000;
/** More are not told apart: the gauge says at least so many then. */
const MAX_USERS = 10_000;

export interface ActiveUsers {
  saw(userId: string): void;
}

interface Parts {
  readonly metrics: Metrics;
  /** Where the instances of a service tell each other whom they served. */
  readonly redis: RedisCommands | undefined;
  readonly now?: () => number;
}

/**
 * Shows how many users were served in the last five minutes, as `active_users`: with Redis by all instances together, each telling of
 * its own when it is scraped; by this process alone without, and while Redis is away.
 */
export function observeActiveUsers({ metrics, redis, now = Date.now }: Parts): ActiveUsers {
  // In the order in which they were seen last.
  const lastSeen = new Map<string, number>();
  const shared = redis && sharedUsers(redis, { windowMs: WINDOW_MS, maxUsers: MAX_USERS });

  function forgetBefore(time: number): void {
    for (const [userId, seenAt] of lastSeen) {
      if (seenAt >= time) return;
      lastSeen.delete(userId);
    }
  }

  metrics.gauge({
    name: 'active_users',
    help: 'Users with a valid credential served in the last five minutes, with Redis by all instances; at most 10000 are told apart.',
    // The workers of a cluster serve the same users.
    aggregator: 'max',
    async collect() {
      const time = now();
      forgetBefore(time - WINDOW_MS);
      // That Redis is away is told once, by who watches it.
      const together = (await shared?.countWith(lastSeen, time).catch(() => undefined)) ?? 0;
      this.set(Math.max(together, lastSeen.size));
    },
  });

  return {
    saw(userId) {
      lastSeen.delete(userId);
      lastSeen.set(userId, now());
      const [longestAgo = userId] = lastSeen.keys();
      if (lastSeen.size > MAX_USERS) lastSeen.delete(longestAgo);
    },
  };
}
