import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { AlertEvent } from '../alert.js';
import type { AlertChannel } from '../channels/channel.js';

export interface Failure {
  /** For the log. */
  readonly reason: string;
  readonly mayRetry: boolean;
  readonly retryAfterMs?: number | undefined;
}

/** One attempt of a channel, which may hang or throw as it likes. Nothing when it succeeded. */
export async function attempt(
  channel: AlertChannel,
  event: AlertEvent,
  timeoutMs: number,
  ending: AbortSignal,
): Promise<Failure | undefined> {
  const cut = new AbortController();
  const end = (): void => {
    cut.abort();
  };
  ending.addEventListener('abort', end, { once: true });
  if (ending.aborted) end();
  try {
    // In a step of its own, so that a channel which throws at once is one that rejects.
    const sending = Promise.resolve().then(() => channel.send(event, cut.signal));
    // The deadline goes first to the channel, which can say more; a little later to one that does not listen.
    const timer = setTimeout(end, timeoutMs).unref();
    const sent = await withDeadline(sending, timeoutMs + GRACE_MS).finally(() => {
      clearTimeout(timer);
    });
    return sent === TIMED_OUT ? { reason: 'gave no answer in time', mayRetry: true } : undefined;
  } catch (error) {
    return failureOf(error);
  } finally {
    ending.removeEventListener('abort', end);
  }
}

const GRACE_MS = 100;

/** By its code: it may come from another copy of this package. An error of anybody else is told by its kind, because its words may hold a key. */
function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { reason: 'failed', mayRetry: true };
  const { code } = error as { code?: unknown };
  if (code === 'ERR_ALERT_CHANNEL') {
    // The code is that class's alone.
    const { message, mayRetry, retryAfterMs } = error as Error & Pick<Failure, 'mayRetry' | 'retryAfterMs'>;
    return { reason: message, mayRetry, retryAfterMs };
  }
  return { reason: typeof code === 'string' ? `${error.name} (${code})` : error.name, mayRetry: true };
}
