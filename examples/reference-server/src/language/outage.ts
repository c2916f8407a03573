import type { ServiceClient } from 'express-runbook/services';

/** Whether a service can be asked at all. */
export interface Outage {
  /** From memory, for the queue: asked again and again while work waits, it sees by itself when the service is back. */
  isAway(): boolean;
  /** For who wants to tell somebody: the service is asked, where that was not done a moment ago. */
  ask(): Promise<boolean>;
}

interface Asked {
  /** A path that costs nothing. */
  readonly path: string;
  readonly everyMs: number;
}

const ASK_TIMEOUT_MS = 1000;

export function watchOutage(client: ServiceClient, { path, everyMs }: Asked): Outage {
  let asked: { readonly at: number; readonly isAway: Promise<boolean> } | undefined;

  function ask(): Promise<boolean> {
    if (asked !== undefined && performance.now() - asked.at < everyMs) return asked.isAway;
    const isAway = client
      .call(path, { operation: 'ask', timeoutMs: ASK_TIMEOUT_MS, totalTimeoutMs: ASK_TIMEOUT_MS })
      // Why not is in the client's own line.
      .then(
        () => false,
        () => true,
      );
    asked = { at: performance.now(), isAway };
    return isAway;
  }

  return {
    isAway() {
      const isAway = client.circuit() !== 'closed';
      // The circuit closes by a call alone, and one that waits in the queue must not lose an attempt for it.
      if (isAway) void ask();
      return isAway;
    },
    ask: async () => (await ask()) || client.circuit() !== 'closed',
  };
}

/** Away when all of them are: one that answers is enough. */
export function allAway(outages: readonly Outage[]): Outage {
  return {
    isAway: () => outages.map((one) => one.isAway()).every(Boolean),
    ask: async () => (await Promise.all(outages.map((one) => one.ask()))).every(Boolean),
  };
}

/** Away when one of them is: all are needed. */
export function anyAway(outages: readonly Outage[]): Outage {
  return {
    isAway: () => outages.map((one) => one.isAway()).some(Boolean),
    ask: async () => (await Promise.all(outages.map((one) => one.ask()))).some(Boolean),
  };
}
