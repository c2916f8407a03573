/** What is wrong with the page that a client asked for. */
export type PageErrorCode =
  /** Not a `nextCursor` of this list in this order. */
  | 'ERR_PAGE_CURSOR'
  /** Not a whole number from 1 to `maxLimit`. */
  | 'ERR_PAGE_LIMIT'
  /** Not a whole number from 0 on, or given together with a cursor. */
  | 'ERR_PAGE_OFFSET';

/** The client asked for a page that there cannot be. Recognise it by `code`, which survives duplicate installs, not by `instanceof`. */
export class PageError extends Error {
  override readonly name = 'PageError';
  /** Bad Request: what an error handler may answer. */
  readonly statusCode = 400;
  /** Nobody's mistake in the program: together with `statusCode` and `code` the shape that `errorHandler()` knows. */
  readonly isOperational = true;

  constructor(
    /** Stable, for programs. */
    readonly code: PageErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
