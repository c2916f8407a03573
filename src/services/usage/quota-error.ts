/**
 * A client has used up its tokens of the month, or a call could come to more than is left of them. It has the shape of an
 * `AppError`: `errorHandler()` answers 429 with this message and `Retry-After` until the next month.
 */
export class UsageQuotaError extends Error {
  override readonly name = 'UsageQuotaError';
  readonly statusCode = 429;
  readonly code = 'ERR_USAGE_QUOTA';
  readonly isOperational = true;
  readonly expose = true;
  readonly headers: Readonly<Record<string, string>>;

  constructor(secondsLeft: number) {
    super('The monthly quota of tokens is used up');
    this.headers = { 'Retry-After': String(secondsLeft) };
  }
}
