import { METHODS } from 'node:http';
import { ConfigError } from '../core/config-error.js';
import type { Middleware } from '../core/middleware.js';
import { describe } from '../core/options.js';
import { MethodNotAllowedError } from './app-error.js';

/**
 * Answers what the routes before it left over of one path: OPTIONS with 204, any other method with 405, both with `Allow`.
 * GET implies HEAD, as in Express. Without it Express answers 404 for a path that exists.
 *
 * @example
 * router.route('/users').get(listUsers).post(createUser).all(methodNotAllowed('GET', 'POST'));
 */
export function methodNotAllowed(...methods: readonly string[]): Middleware {
  for (const method of methods) insistMethod(method);
  if (methods.length === 0)
    throw new ConfigError('ERR_OPTION_REQUIRED', 'methodNotAllowed', 'name the methods that are there');
  const allowed = [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])];

  return function methodNotAllowedMiddleware(req, res, next) {
    if (req.method !== 'OPTIONS') {
      next(new MethodNotAllowedError(allowed));
      return;
    }
    res.statusCode = 204;
    res.setHeader('Allow', allowed.join(', '));
    res.end();
  };
}

function insistMethod(method: string): void {
  if (METHODS.includes(method)) return;
  const problem = `must be methods in capitals, such as 'GET', got ${describe(method)}`;
  throw new ConfigError('ERR_OPTION_INVALID', 'methodNotAllowed', problem);
}
