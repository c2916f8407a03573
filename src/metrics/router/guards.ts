import { accessTest } from '../../core/access.js';
import type { Middleware } from '../../core/middleware.js';
import type { MetricsRouterSettings } from './options.js';

/** Who stands before the metrics, in the order in which they are asked. */
export function guardsOf({ networks, token, guard }: MetricsRouterSettings): Middleware[] {
  const isOpen = networks === undefined && token === undefined;
  return [
    ...(isOpen ? [] : [accessMiddleware({ networks, tokens: token === undefined ? undefined : [token] })]),
    ...(guard === undefined ? [] : [guard]),
  ];
}

function accessMiddleware(rules: Parameters<typeof accessTest>[0]): Middleware {
  const refusalOf = accessTest(rules);
  return (req, res, next) => {
    const refused = refusalOf(req);
    if (refused === undefined) {
      next();
      return;
    }
    // RFC 6750 section 3: a 401 names the scheme.
    const challenge = refused === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
    res.writeHead(refused, { ...challenge, 'Cache-Control': 'no-store' }).end();
  };
}
