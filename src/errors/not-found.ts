import type { Middleware } from '../core/middleware.js';
import { NotFoundError } from './app-error.js';

/**
 * Turns a request that no route answered into a 404 for `errorHandler()`. Stands behind all routes, before the handler.
 *
 * Express takes a thrown `null`, `undefined`, `0`, `''`, `false`, `NaN` or `'route'` for `next()`: the request falls through
 * to here and is a 404.
 *
 * @example
 * app.use(notFound());
 * app.use(errorHandler({ logger }));
 */
export function notFound(): Middleware {
  return function notFoundMiddleware(_req, _res, next) {
    next(new NotFoundError('Route'));
  };
}
