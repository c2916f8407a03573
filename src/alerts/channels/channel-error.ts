/**
 * Why a message did not get through. A channel of your own throws one to say whether to try again; whatever else it throws is
 * tried again. The message goes to the log: no address and no key belongs into it.
 */
export class AlertChannelError extends Error {
  override readonly name = 'AlertChannelError';
  /** For programs, and for two copies of this package in one process. */
  readonly code = 'ERR_ALERT_CHANNEL';
  readonly mayRetry: boolean;
  /** How long the receiver wants to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { mayRetry, retryAfterMs }: { mayRetry: boolean; retryAfterMs?: number | undefined }) {
    super(message);
    this.mayRetry = mayRetry;
    this.retryAfterMs = retryAfterMs;
  }
}

export function refusedAddress(): AlertChannelError {
  return new AlertChannelError('leads to an address that is not public', { mayRetry: false });
}
