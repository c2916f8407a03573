import type { Middleware } from '../../core/middleware.js';
import { opsEndpointOf } from '../../core/ops-endpoint.js';
import { forbidden } from '../../core/refusal.js';
import { resolveRequireHttpsOptions, type RequireHttpsOptions } from './options.js';

interface MaybeSecure {
  /** Of Express: by the connection, or by `X-Forwarded-Proto` of a proxy that `trust proxy` names. */
  readonly secure?: boolean;
  readonly originalUrl?: string;
}

const READING = new Set(['GET', 'HEAD']);

/**
 * Sends readers that came over plain HTTP to the same address by HTTPS (308) and refuses everybody else with 403 `HTTPS required`: what
 * they sent has been read on the way already, and must not seem to work. Behind a proxy that ends TLS say which it is:
 * `app.set('trust proxy', ['10.0.0.0/8'])`; without it every request is plain. Probes and scrapes pass.
 *
 * `securityHeaders()` sends Strict-Transport-Security, which browsers heed over HTTPS only.
 *
 * @example
 * app.use(requireHttps({ host: 'api.example.com' }));
 */
export function requireHttps(options: RequireHttpsOptions): Middleware {
  const { host } = resolveRequireHttpsOptions(options);
  return function requireHttpsMiddleware(req, res, next) {
    const { secure, originalUrl } = req as MaybeSecure;
    if (secure === true || opsEndpointOf(req) !== undefined) {
      next();
      return;
    }
    if (!READING.has(req.method ?? '')) {
      next(forbidden('HTTPS required'));
      return;
    }
    const target = originalUrl ?? req.url ?? '/';
    // By our own name, not by the Host header, which whoever sends the request makes up; likewise an absolute target.
    res.writeHead(308, {
      Location: `https://${host}${target.startsWith('/') ? target : '/'}`,
      'Cache-Control': 'no-store',
    });
    res.end();
  };
}
