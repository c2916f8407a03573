import type { Pool, PoolClient } from 'pg';

/** Why a connection of the pool is no more. */
export type ClosedReason =
  /** Nobody needed it for `idleTimeoutMs`. */
  | 'idle'
  /** It was as old as a connection may be. */
  | 'lifetime'
  /** It broke. */
  | 'lost'
  /** It did not answer the ping after a long idle time. */
  | 'ping'
  /** Its query was given up on, or whoever held it said that it is not fit for the next one. */
  | 'error'
  /** It came back inside a transaction. */
  | 'transaction'
  /** The pool was closed. */
  | 'closed';

export const CLOSED_REASONS: readonly ClosedReason[] = [
  'idle',
  'lifetime',
  'lost',
  'ping',
  'error',
  'transaction',
  'closed',
];

/** Keeps the reason from where it is known to where the connection is gone. */
export interface ClosedReasons {
  /** The first one counts: what follows is its consequence. */
  mark(client: PoolClient, reason: ClosedReason): void;
}

export function trackClosedReasons(pool: Pool, closed: (reason: ClosedReason) => void): ClosedReasons {
  const reasons = new WeakMap<PoolClient, ClosedReason>();
  const expiresAt = new WeakMap<PoolClient, number>();

  pool.on('connect', (client) => {
    const { maxLifetimeSeconds } = pool.options;
    if (maxLifetimeSeconds > 0) expiresAt.set(client, performance.now() + maxLifetimeSeconds * 1000);
  });
  pool.on('remove', (client) => {
    const reason = reasons.get(client);
    if (reason !== undefined) closed(reason);
    else if (pool.ending) closed('closed');
    else closed(performance.now() >= (expiresAt.get(client) ?? Infinity) ? 'lifetime' : 'idle');
  });

  return {
    mark(client, reason) {
      if (!reasons.has(client)) reasons.set(client, reason);
    },
  };
}
