import type { Middleware } from '../core/middleware.js';
import { PayloadTooLargeError } from './app-error.js';
import { limitChunks } from './chunked-limit.js';
import { resolveBodyLimitOptions, type BodyLimitOptions } from './body-limit-options.js';

/**
 * Refuses a body that says to be too large before a byte of it is read, with 413, and closes the connection. body-parser
 * would read all of it first. A body without a length (chunked) is cut at the limit: its reader gets the error of the 413.
 *
 * @example
 * app.use(bodyLimit({ maxBytes: 100 * 1024 }), express.json({ limit: 100 * 1024 }));
 */
export function bodyLimit(options?: BodyLimitOptions): Middleware {
  const { maxBytes } = resolveBodyLimitOptions(options);

  return function bodyLimitMiddleware(req, _res, next) {
    // Node's parser lets nothing but digits through.
    const length = Number(req.headers['content-length'] ?? 0);
    if (req.headers['transfer-encoding'] !== undefined) limitChunks(req, maxBytes);
    next(length > maxBytes ? new PayloadTooLargeError() : undefined);
  };
}
