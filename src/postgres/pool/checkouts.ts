import type { Pool, PoolClient } from 'pg';
import { connectWith, type ConnectCallback } from './connect-forms.js';
import { trackHeldClients } from './held-clients.js';
import type { Acquirer } from './leaks.js';
import type { PoolError } from './pool-error.js';

interface Waiter {
  readonly callback: ConnectCallback;
  readonly acquirer: Acquirer | undefined;
  readonly startedAt: number;
  isGivenUp: boolean;
}

export interface CheckoutHooks {
  /** Whether the caller's place in the program is wanted. */
  readonly isTraced: boolean;
  /** Whether the client still leads to the database; nothing when that is not in doubt. */
  check(client: PoolClient): Promise<boolean> | undefined;
  /** A client did not pass the check and is closed; its caller gets another one. */
  unfit(client: PoolClient): void;
  /** A caller is about to get this client. */
  acquired(client: PoolClient, waitedMs: number, acquirer: Acquirer | undefined): void;
  /** A client comes back. Says whether it must not be used again. */
  released(client: PoolClient, heldMs: number, error: Error | boolean | undefined): boolean;
  /** Turns pg's error into the one the caller gets. */
  refused(error: Error): Error;
  /** The error of a caller who comes when the pool is closing, or waited when it was cut. */
  closed(): PoolError;
}

/** Who waits for a connection and who holds one. Whatever asks the pool for a client passes here, `pool.query` too. */
export interface Checkouts {
  /** Calls back in nobody's context. */
  readonly acquire: (callback: ConnectCallback, acquirer?: Acquirer) => void;
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
  const held = trackHeldClients({ released: (...args) => hooks.released(...args), settled: settle });

  const acquire: Checkouts['acquire'] = (callback, acquirer) => {
    if (onEmpty !== undefined || pool.ending) process.nextTick(callback, hooks.closed(), undefined, nothing);
    else wait({ callback, acquirer, startedAt: performance.now(), isGivenUp: false });
  };
  pool.connect = connectWith(acquire, hooks.isTraced);

  function wait(waiter: Waiter): void {
    waiters.add(waiter);
    connect((error, client) => {
      if (client === undefined) refuse(waiter, error ?? new Error('no client'));
      else offer(waiter, client);
    });
  }

  function refuse(waiter: Waiter, error: Error): void {
    waiters.delete(waiter);
    if (waiter.isGivenUp) return;
    waiter.callback(hooks.refused(error), undefined, nothing);
    settle();
  }

  function offer(waiter: Waiter, client: PoolClient): void {
    const check = waiter.isGivenUp ? undefined : hooks.check(client);
    if (check === undefined) {
      give(waiter, client);
      return;
    }
    void check.then((isFit) => {
      if (isFit) {
        give(waiter, client);
        return;
      }
      hooks.unfit(client);
      client.release(true);
      client.connection.stream.destroy();
      if (!waiter.isGivenUp) wait(waiter);
    });
  }

  function give(waiter: Waiter, client: PoolClient): void {
    waiters.delete(waiter);
    if (waiter.isGivenUp) {
      client.release(true);
      return;
    }
    const now = performance.now();
    held.add(client, now);
    hooks.acquired(client, now - waiter.startedAt, waiter.acquirer);
    waiter.callback(undefined, client, client.release.bind(client));
  }

  return {
    acquire,
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
