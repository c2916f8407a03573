import type { Pool, PoolClient } from 'pg';

/** Whether a connection that lay idle still leads to the database. */
export interface IdlePing {
  /** Nothing to wait for when the client was in use a moment ago, else the answer; never rejects. */
  check(client: PoolClient): Promise<boolean> | undefined;
}

const LONGEST_PING_MS = 1000;

type Ask = (text: string, callback: (error: unknown) => void) => void;

/**
 * A firewall forgets an idle connection without a word, and a server that lost its power says none: the next query on it
 * would wait for its whole time limit. One ping that fails condemns all connections that were last used before it, so an
 * outage costs one wait and not one per connection.
 */
export function createIdlePing(pool: Pool, afterIdleMs: number): IdlePing {
  const usedAt = new WeakMap<PoolClient, number>();
  let isSuspectBefore = -Infinity;
  if (afterIdleMs > 0) {
    pool.on('release', (_error, client) => usedAt.set(client, performance.now()));
  }

  return {
    check(client) {
      const since = usedAt.get(client);
      if (since === undefined) return undefined;
      const now = performance.now();
      if (since < isSuspectBefore) return Promise.resolve(false);
      if (now - since <= afterIdleMs) return undefined;
      return ping(client, timeLimit(pool)).then((isAlive) => {
        if (!isAlive) isSuspectBefore = Math.max(isSuspectBefore, now);
        return isAlive;
      });
    },
  };
}

/** Half of what a caller may wait for a connection, so that there is time for another one. */
function timeLimit(pool: Pool): number {
  const { connectionTimeoutMillis = 0 } = pool.options;
  return connectionTimeoutMillis > 0 ? Math.min(LONGEST_PING_MS, connectionTimeoutMillis / 2) : LONGEST_PING_MS;
}

function ping(client: PoolClient, timeoutMs: number): Promise<boolean> {
  // The method that pg gave it: this is nobody's query, so it is not measured.
  const ask = (Object.getPrototypeOf(client) as { query: Ask }).query.bind(client);
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs, false);
    ask('', (error) => {
      clearTimeout(timer);
      resolve(error == null);
    });
  });
}
