import type { Metrics } from 'express-runbook';

const WINDOW_MS = 300_000;
/** More are not told apart: the gauge says at least so many then. */
const MAX_USERS = 10_000;

export interface ActiveUsers {
  saw(userId: string): void;
}

/** Shows how many users this process has served in the last five minutes, as `active_users`. */
export function observeActiveUsers(metrics: Metrics, now: () => number = () => performance.now()): ActiveUsers {
  // In the order in which they were seen last.
  const lastSeen = new Map<string, number>();

  function forgetBefore(time: number): void {
    for (const [userId, seenAt] of lastSeen) {
      if (seenAt >= time) return;
      lastSeen.delete(userId);
    }
  }

  metrics.gauge({
    name: 'active_users',
    help: 'Users with a valid credential that this process has served in the last five minutes; at most 10000 are told apart.',
    // The workers of a cluster serve the same users.
    aggregator: 'max',
    collect() {
      forgetBefore(now() - WINDOW_MS);
      this.set(lastSeen.size);
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
