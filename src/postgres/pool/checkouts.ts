import type { Pool, PoolClient } from 'pg';
import { connectWith, type ConnectCallback } from './connect-forms.js';
import { trackHeldClients } from './held-clients.js';
import type { PoolError } from './pool-error.js';

interface Waiter {
  readonly callback: ConnectCallback;
  isGivenUp: boolean;
}

export interface CheckoutHooks {
  /** A caller is about to get this client. */
  acquired(client: PoolClient, waitedMs: number): void;
  /** Turns pg's error into the one the caller gets. */
  refused(error: Error): Error;
  /** The error of a caller who comes when the pool is closing, or waited when it was cut. */
  closed(): PoolError;
}

/** Who waits for a connection and who holds one. Whatever asks the pool for a client passes here, `pool.query` too. */
export interface Checkouts {
  holds(client: PoolClient): boolean;
  /** From now on nobody gets a client. Resolves when nobody waits and nobody holds one. */
  drain(): Promise<void>;
  /** Fails everybody who waits and takes back every client that is held. Says how many there were. */
  takeBack(): { waiting: number; held: number };
}

export function trackCheckouts(pool: Pool, hooks: CheckoutHooks): Checkouts {
  const connect = pool.connect.bind(pool) as (callback: ConnectCallback) => void;
  const waiters = new Set<Waiter>();
  let onEmpty: (() => void) | undefined;
  const settle = (): void => {
    if (waiters.size === 0 && held.count() === 0) onEmpty?.();
  };
  const held = trackHeldClients(settle);

  pool.connect = connectWith((callback) => {
    if (onEmpty !== undefined || pool.ending) process.nextTick(callback, hooks.closed(), undefined, nothing);
    else wait({ callback, isGivenUp: false });
  });

  function wait(waiter: Waiter): void {
    const startedAt = performance.now();
    waiters.add(waiter);
    connect((error, client) => {
      waiters.delete(waiter);
      if (waiter.isGivenUp) {
        client?.release(true);
      } else if (client === undefined) {
        waiter.callback(hooks.refused(error ?? new Error('no client')), undefined, nothing);
        settle();
      } else {
        held.add(client);
        hooks.acquired(client, performance.now() - startedAt);
        waiter.callback(undefined, client, client.release.bind(client));
      }
    });
  }

  return {
    holds: (client) => held.has(client),
    drain: () =>
      new Promise((resolve) => {
        onEmpty = resolve;
        settle();
      }),
    takeBack() {
      const counts = { waiting: waiters.size, held: held.count() };
      for (const waiter of waiters) {
        waiter.isGivenUp = true;
        waiter.callback(hooks.closed(), undefined, nothing);
      }
      waiters.clear();
      held.takeBack();
      return counts;
    },
  };
}

function nothing(): void {
  // There is no client to release.
}
