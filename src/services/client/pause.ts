import { setTimeout as sleep } from 'node:timers/promises';
import type { FailedExchange } from './exchange.js';
import { follow } from './follow.js';
import type { PreparedCall } from './prepared-call.js';
import type { Shared } from './shared.js';

/** Milliseconds before another attempt; nothing when there must not be one. */
export function pauseBeforeNext(
  { settings, circuit, budget, ending }: Shared,
  call: PreparedCall,
  { mayRetry, retryAfterMs = 0 }: FailedExchange,
  number: number,
  leftMs: number,
): number | undefined {
  const { retries, retryDelayMs, maxRetryDelayMs } = settings;
  if (number > retries || ending.isClosing() || circuit.state() === 'open') return undefined;
  if (mayRetry === 'never' || (mayRetry === 'when safe' && !call.isRepeatable)) return undefined;
  // Coming earlier than the service asked for would be one more of what is too much for it.
  if (retryAfterMs > maxRetryDelayMs) return undefined;
  const backoffMs = Math.min(maxRetryDelayMs, retryDelayMs * 2 ** (number - 1)) * (0.5 + Math.random() / 2);
  const pauseMs = Math.max(backoffMs, retryAfterMs);
  return pauseMs < leftMs && budget.spend() ? pauseMs : undefined;
}

/** False when the client closed meanwhile. */
export async function pause({ ending: { pauses } }: Shared, pauseMs: number, signal: AbortSignal): Promise<boolean> {
  const waking = follow(signal);
  const wake = (): void => {
    waking.abort();
  };
  pauses.add(wake);
  try {
    await sleep(pauseMs, undefined, { signal: waking.signal });
    return true;
  } catch {
    // Woken, by who called or by the end.
    if (signal.aborted) throw signal.reason;
    return false;
  } finally {
    pauses.delete(wake);
    waking.end();
  }
}
