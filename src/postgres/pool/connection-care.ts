import type { Pool, PoolClient } from 'pg';
import { boundClients } from './bounded-client.js';
import type { CheckoutHooks } from './checkouts.js';
import { trackClosedReasons } from './closed-reasons.js';
import { errorClassOf, READ_TIMEOUT } from './error-class.js';
import { harmless } from './harmless.js';
import { createIdlePing } from './idle-ping.js';
import { createLeakDetection } from './leaks.js';
import type { ObserveSettings } from './observe-options.js';
import type { PoolMetrics } from './pool-metrics.js';

/** Keeps unfit connections from the next caller, and knows why each one ended. */
export interface ConnectionCare extends Pick<CheckoutHooks, 'isTraced' | 'check' | 'unfit' | 'acquired' | 'released'> {
  lost(client: PoolClient): void;
  /** A query of this client failed with this error, as its caller gets it; gives it back. */
  failed(error: unknown, client: PoolClient): unknown;
}

/** `T` in a transaction, `E` in one that failed; older versions of pg do not say. */
interface WithStatus {
  getTransactionStatus?(): string | null;
}

export function careForConnections(
  pool: Pool,
  { name, logger, leakThresholdMs, pingAfterIdleMs }: ObserveSettings,
  metrics: PoolMetrics | undefined,
): ConnectionCare {
  boundClients(
    pool,
    harmless((tookMs) => metrics?.opened(tookMs)),
  );
  const ping = createIdlePing(pool, pingAfterIdleMs);
  const leaked = (): void => metrics?.leaked();
  const leaks = leakThresholdMs > 0 ? createLeakDetection(leakThresholdMs, { name, logger, leaked }) : undefined;
  const reasons = trackClosedReasons(
    pool,
    harmless((reason) => metrics?.closed(reason)),
  );
  const givenUp = new WeakSet<PoolClient>();
  const warn = harmless(() => logger.warn({ pool: name }, 'Database client came back inside a transaction'));

  /** A server that is still at an old query, or an open transaction, would fall on the next one who gets the client. */
  function isUnfit(client: PoolClient): boolean {
    if (givenUp.has(client)) {
      reasons.mark(client, 'error');
      return true;
    }
    const status = (client as WithStatus).getTransactionStatus?.();
    if (status !== 'T' && status !== 'E') return false;
    reasons.mark(client, 'transaction');
    warn();
    return true;
  }

  return {
    isTraced: leaks !== undefined,
    check: (client) => ping.check(client),
    unfit: (client) => reasons.mark(client, 'ping'),
    acquired(client, waitedMs, acquirer) {
      metrics?.acquired(waitedMs);
      if (acquirer !== undefined) leaks?.acquired(client, acquirer);
    },
    released(client, heldMs, error) {
      metrics?.used(heldMs);
      leaks?.released(client);
      if (!error) return isUnfit(client);
      reasons.mark(client, 'error');
      return false;
    },
    lost: (client) => reasons.mark(client, 'lost'),
    failed(error, client) {
      metrics?.errored(errorClassOf(error));
      if (error instanceof Error && error.message === READ_TIMEOUT) givenUp.add(client);
      return error;
    },
  };
}
