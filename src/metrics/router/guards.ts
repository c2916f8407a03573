import { createHash, timingSafeEqual } from 'node:crypto';
import type { ExpressRequest, Middleware } from '../../core/middleware.js';
import { networkTest } from './networks.js';
import type { MetricsRouterSettings } from './options.js';

/** Who stands before the metrics, in the order in which they are asked. */
export function guardsOf({ networks, token, guard }: MetricsRouterSettings): Middleware[] {
  return [
    ...(networks === undefined ? [] : [networkGuard(networks)]),
    ...(token === undefined ? [] : [tokenGuard(token)]),
    ...(guard === undefined ? [] : [guard]),
  ];
}

function networkGuard(networks: readonly string[]): Middleware {
  const isInside = networkTest(networks);
  return (req: ExpressRequest, res, next) => {
    // `req.ip` is what a trusted proxy says about the client; the connection is the proxy's then, and must be allowed as well.
    if (isInside(req.socket.remoteAddress) && (req.ip === undefined || isInside(req.ip))) next();
    else res.writeHead(403, { 'Cache-Control': 'no-store' }).end();
  };
}

function tokenGuard(token: string): Middleware {
  const expected = digest(token);
  return (req, res, next) => {
    const [, given] = /^bearer +(\S+) *$/i.exec(req.headers.authorization ?? '') ?? [];
    // Of the digests, which are equally long: the time tells nothing about the token.
    if (given !== undefined && timingSafeEqual(digest(given), expected)) next();
    // RFC 6750 section 3: a 401 names the scheme.
    else res.writeHead(401, { 'WWW-Authenticate': 'Bearer', 'Cache-Control': 'no-store' }).end();
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
