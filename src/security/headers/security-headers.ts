import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet, { type HelmetOptions } from 'helmet';
import { ConfigError } from '../../core/config-error.js';
import type { Middleware } from '../../core/middleware.js';
import { helmetOptions } from './helmet-options.js';
import { resolveSecurityHeadersOptions, type SecurityHeadersOptions } from './options.js';

/**
 * Sets the security headers that helmet computes, and removes `X-Powered-By`. helmet runs once, here; requests get the
 * result. Only a content security policy with functions (a nonce, say) makes helmet run for each request.
 *
 * Mounted again on a route it replaces what was set before: `app.use('/docs', securityHeaders({ preset: 'page' }))`.
 *
 * @example
 * app.use(securityHeaders());
 */
export function securityHeaders(options?: SecurityHeadersOptions): Middleware {
  const settings = helmetOptions(resolveSecurityHeadersOptions(options));
  const computed = helmetMiddleware(settings);
  if (hasFunctions(settings)) return computed;
  const { headers, removed } = resultOf(computed);

  return function securityHeadersMiddleware(_req, res, next) {
    for (const [name, value] of headers) res.setHeader(name, value);
    for (const name of removed) res.removeHeader(name);
    next();
  };
}

function helmetMiddleware(options: HelmetOptions): Middleware {
  try {
    return helmet(options);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new ConfigError('ERR_OPTION_INVALID', 'securityHeaders.helmet', `was refused by helmet: ${problem}`);
  }
}

function hasFunctions({ contentSecurityPolicy: policy }: HelmetOptions): boolean {
  if (typeof policy !== 'object') return false;
  return Object.values(policy.directives ?? {}).some(
    (sources) =>
      typeof sources === 'object' && sources !== null && [...sources].some((one) => typeof one === 'function'),
  );
}

/** What helmet does to an answer, seen on one that goes nowhere. */
function resultOf(computed: Middleware): { headers: [name: string, value: string][]; removed: string[] } {
  const headers = new Map<string, string>();
  const removed: string[] = [];
  const req = new IncomingMessage(new Socket());
  const res = new ServerResponse(req);
  res.setHeader = (name, value) => {
    headers.set(name, String(value));
    return res;
  };
  res.removeHeader = (name) => {
    removed.push(name);
  };
  computed(req, res, () => undefined);
  return { headers: [...headers], removed };
}
