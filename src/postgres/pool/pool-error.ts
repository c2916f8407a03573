/** Why the database cannot be used. */
export type PoolErrorCode =
  /** Every connection was in use for as long as a caller may wait. */
  | 'ERR_POOL_EXHAUSTED'
  /** The server did not accept a new connection in time. */
  | 'ERR_POOL_CONNECT_TIMEOUT'
  /** The connection broke, under a query or before, or could not be made; `cause` says why. */
  | 'ERR_POOL_CONNECTION_LOST'
  /** `close()` was called. */
  | 'ERR_POOL_CLOSED'
  /** The database did not answer during the whole start-up wait. */
  | 'ERR_DATABASE_UNAVAILABLE'
  /** `COMMIT` was answered by a rollback: a statement had failed and its error was swallowed. */
  | 'ERR_TRANSACTION_ABORTED'
  /** `COMMIT` was sent and had no answer: it may have been done or not. */
  | 'ERR_TRANSACTION_IN_DOUBT'
  /** The transaction took longer than its `timeoutMs`, and was rolled back. */
  | 'ERR_TRANSACTION_TIMEOUT';

const RETRY_LATER = Object.freeze({ 'Retry-After': '5' });
const NO_ADVICE = Object.freeze({});

/** The database cannot be used right now. Recognise it by `code`, which survives duplicate installs, not by `instanceof`. */
export class PoolError extends Error {
  override readonly name = 'PoolError';
  /** Service Unavailable: what an error handler may answer (RFC 9110, section 15.6.4). */
  readonly statusCode = 503;
  /** Nobody's mistake in the program: together with `statusCode` and `code` the shape that `errorHandler()` knows. */
  readonly isOperational = true;
  /** Seconds after which another try is worth it; none after `ERR_TRANSACTION_IN_DOUBT`, when it might do the work twice. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    /** Stable, for programs. */
    readonly code: PoolErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.headers = code === 'ERR_TRANSACTION_IN_DOUBT' ? NO_ADVICE : RETRY_LATER;
  }
}
