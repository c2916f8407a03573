import type { Pool, PoolClient } from 'pg';
import { isTimeMs } from '../../core/checks.js';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { Logger } from '../../core/logger.js';
import { resolveOptions } from '../../core/options.js';
import type { Checkouts } from './checkouts.js';

export interface CloseOptions {
  /**
   * Milliseconds that those who wait for a connection or hold one have to finish; then connections are cut. 0 cuts at once.
   * @default 10000
   */
  timeoutMs?: number;
}

export const CLOSE_DEFAULTS = Object.freeze({ timeoutMs: 10000 });

/**
 * pg's own `end()` waits for ever for a client that is never released, and a query that was queued when it is called
 * never settles. This one keeps its time, and leaves no promise pending and no socket open.
 */
export function createClose(
  pool: Pool,
  checkouts: Checkouts,
  report: { name: string; logger: Logger },
): (options?: CloseOptions) => Promise<void> {
  const open = trackOpenClients(pool);
  let closing: Promise<void> | undefined;

  async function close(timeoutMs: number): Promise<void> {
    const endsAt = performance.now() + timeoutMs;
    if ((await withDeadline(checkouts.drain(), timeoutMs)) === TIMED_OUT) {
      const cut = checkouts.takeBack();
      const fields = { pool: report.name, ...cut, timeoutMs };
      report.logger.warn(fields, 'Database pool closed over callers that still used it');
    }
    // Settles when the last connection attempt has, which its own time limit sees to; nothing here depends on it.
    if (!pool.ending) pool.end().catch((error: unknown) => process.emitWarning(String(error)));
    // Said goodbye, a healthy server hangs up by itself; a frozen one never does.
    await withDeadline(open.empty(), Math.max(0, endsAt - performance.now()));
    open.cut();
  }

  return (options) => {
    const { timeoutMs } = resolveOptions('pool.close', options, CLOSE_DEFAULTS, { timeoutMs: isTimeMs(0) });
    return (closing ??= close(timeoutMs));
  };
}

function trackOpenClients(pool: Pool): { empty(): Promise<void>; cut(): void } {
  const clients = new Set<PoolClient>();
  let onEmpty: (() => void) | undefined;
  pool.on('connect', (client) => clients.add(client));
  pool.on('remove', (client) => {
    clients.delete(client);
    if (clients.size === 0) onEmpty?.();
  });
  return {
    empty: () =>
      new Promise((resolve) => {
        onEmpty = resolve;
        if (clients.size === 0) resolve();
      }),
    cut() {
      for (const client of clients) client.connection.stream.destroy();
    },
  };
}
