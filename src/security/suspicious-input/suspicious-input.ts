import type { IncomingMessage } from 'node:http';
import { onCompletion, type Completion } from '../../core/completion.js';
import { contextFields, contextOf } from '../../core/context.js';
import type { Middleware } from '../../core/middleware.js';
import { pathOf } from '../../core/route.js';
import { wordCounter } from '../../instruments/word-counter.js';
import { keysOf } from './keys.js';
import { resolveSuspiciousInputOptions, type SuspiciousInputOptions } from './options.js';
import { SUSPICIONS, suspicionsIn, type Suspicion } from './signs.js';

const MAX_URL_LENGTH = 2048;
const MAX_PATH_LENGTH = 256;

/**
 * Notices requests whose path, query string or body keys look like an attack: SQL, path traversal, script, null bytes. Such a request
 * leaves one warning with text `suspicious input` and the kinds found, and is counted by kind; **it is never refused**: what looks like
 * an attack may be a name, and what is none of these may be one. Parameters of queries and escaping are the defence, this is the alarm.
 *
 * It looks after the answer was given, at no more than 2048 characters of the URL and 100 keys of the body, so it costs a client nothing.
 *
 * @example
 * app.use(suspiciousInput({ logger, registry }));
 */
export function suspiciousInput(options?: SuspiciousInputOptions): Middleware {
  const { logger, registry } = resolveSuspiciousInputOptions(options);
  const count = wordCounter(registry, {
    name: 'suspicious_input_total',
    help: 'Requests whose input looked like an attack, by kind',
    label: 'kind',
    words: SUSPICIONS,
  });

  function look({ url, method, statusCode }: Completion, req: IncomingMessage): void {
    const inUrl = suspicionsIn(url.slice(0, MAX_URL_LENGTH));
    const inBody = suspicionsIn(keysOf((req as { body?: unknown }).body));
    if (inUrl.length + inBody.length === 0) return;
    const kinds: Suspicion[] = [...new Set([...inUrl, ...inBody])];
    for (const kind of kinds) count(kind);
    const places = [...(inUrl.length > 0 ? ['url'] : []), ...(inBody.length > 0 ? ['body'] : [])];
    // The access line of the same request id has the whole URL, in which secrets are hidden.
    const path = pathOf(url).slice(0, MAX_PATH_LENGTH);
    const { ip } = req as { ip?: string };
    logger.warn({ kinds, places, method, path, statusCode, ip, ...contextFields(contextOf(req)) }, 'suspicious input');
  }

  return function suspiciousInputMiddleware(req, res, next) {
    onCompletion(req, res, look);
    next();
  };
}
