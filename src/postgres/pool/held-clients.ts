import type { PoolClient } from 'pg';

export type Release = (error?: Error | boolean) => void;

/** The clients that are somewhere in use. */
export interface HeldClients {
  has(client: PoolClient): boolean;
  count(): number;
  /** Until it is released. */
  add(client: PoolClient, now: number): void;
  /** Cuts the connections of all; whoever still holds one learns it from the next query, and may release it in peace. */
  takeBack(): void;
}

export interface HeldHooks {
  /** Says whether the client must not be used again. */
  readonly released: (client: PoolClient, heldMs: number, error: Error | boolean | undefined) => boolean;
  /** The client is back in the pool or closed. */
  readonly settled: () => void;
}

interface Hold {
  readonly release: Release;
  isTakenBack: boolean;
}

export function trackHeldClients({ released, settled }: HeldHooks): HeldClients {
  const held = new Map<PoolClient, Hold>();
  return {
    has: (client) => held.has(client),
    count: () => held.size,
    add(client, now) {
      // pg-pool gives a client a new `release` at every checkout, so this one lasts for one.
      const hold: Hold = { release: client.release.bind(client), isTakenBack: false };
      held.set(client, hold);
      client.release = (error) => {
        if (hold.isTakenBack) return;
        // The second time it is pg's turn to say so.
        const isUnfit = held.delete(client) && released(client, performance.now() - now, error);
        hold.release(isUnfit && !error ? true : error);
        settled();
      };
    },
    takeBack() {
      for (const [client, hold] of held) {
        hold.isTakenBack = true;
        hold.release(true);
        client.connection.stream.destroy();
      }
      held.clear();
    },
  };
}
