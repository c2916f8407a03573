import { MAX_TIMER_MS } from '../../core/deadline.js';
import type { TransactionLimits, TransactionSettings } from './options.js';

/** One text, so that it costs one round trip whatever was asked for. Nothing in it comes from a caller but checked words and numbers. */
export function beginText(settings: TransactionSettings, ofPool: TransactionLimits, ofSessionMs: number): string {
  const { isolation, readOnly } = settings;
  const begin = ['BEGIN'];
  if (isolation !== undefined) begin.push(`ISOLATION LEVEL ${isolation.toUpperCase()}`);
  if (readOnly) begin.push('READ ONLY');
  const limits = {
    statement_timeout: statementTimeoutMs(settings, ofPool.statementTimeoutMs, ofSessionMs),
    lock_timeout: settings.lockTimeoutMs ?? ofPool.lockTimeoutMs,
    idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs ?? ofPool.idleInTransactionTimeoutMs,
  };
  const sets = Object.entries(limits)
    .filter(([, ms]) => ms !== undefined)
    .map(([name, ms]) => `SET LOCAL ${name} = ${String(ms)}`);
  return [begin.join(' '), ...sets].join('; ');
}

/** Later than our own limit, so that the caller gets one error and not now this, now that one. */
const STATEMENT_MARGIN_MS = 1000;

/**
 * Not far above the time of the whole: the server does not see that a connection was closed while it works on a statement,
 * and would go on, with all its locks.
 */
function statementTimeoutMs(
  { statementTimeoutMs: said, timeoutMs }: TransactionSettings,
  ofPoolMs: number | undefined,
  ofSessionMs: number,
): number | undefined {
  const limit = said ?? ofPoolMs;
  const holding = limit ?? ofSessionMs;
  const longest = Math.min(timeoutMs + STATEMENT_MARGIN_MS, MAX_TIMER_MS);
  return timeoutMs > 0 && (holding === 0 || holding > longest) ? longest : limit;
}
