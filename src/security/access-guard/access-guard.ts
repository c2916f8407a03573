import type { IncomingMessage } from 'node:http';
import { accessTest } from '../../core/access.js';
import type { Middleware } from '../../core/middleware.js';
import { forbidden, unauthorized } from '../../core/refusal.js';
import { resolveAccessGuardOptions, type AccessGuardOptions } from './options.js';

/**
 * Keeps what is not for the public behind a token, a network, or both: API docs, an ops page, routes that change how the service runs.
 * From elsewhere a caller is answered 403 `Forbidden`, without the token 401 `Unauthorized` with `WWW-Authenticate`; as errors for
 * `errorHandler()`. Tokens are compared as digests, in constant time. For the metrics, `createMetricsRouter` has the same options.
 *
 * @example
 * app.use('/api-docs', accessGuard({ token: config.ops.token, networks: ['10.0.0.0/8'] }), docs);
 */
export function accessGuard(options: AccessGuardOptions): Middleware {
  const refusedBy = accessTest(resolveAccessGuardOptions('accessGuard', options));
  return function accessGuardMiddleware(req, res, next) {
    const refused = refusedBy(req);
    if (refused === undefined) {
      next();
      return;
    }
    // What is kept from one caller must not be kept for another.
    res.setHeader('Cache-Control', 'no-store');
    next(refused === 401 ? unauthorized('Unauthorized') : forbidden('Forbidden'));
  };
}

/** The same question without the answer: e.g. for `authoriseDetails` of `createOps`. */
export function hasAccess(options: AccessGuardOptions): (req: IncomingMessage) => boolean {
  const refusedBy = accessTest(resolveAccessGuardOptions('hasAccess', options));
  return (req) => refusedBy(req) === undefined;
}
