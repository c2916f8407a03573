import type { IncomingMessage, ServerResponse } from 'node:http';
import { rateLimit, type RateLimitInfo } from 'express-rate-limit';
import { contextFields, contextOf } from '../../core/context.js';
import type { Logger } from '../../core/logger.js';
import type { ExpressRequest, Middleware, Next } from '../../core/middleware.js';
import { opsEndpointOf } from '../../core/ops-endpoint.js';
import { pathOf } from '../../core/route.js';
import { wordCounter } from '../../instruments/word-counter.js';
import { keyOf } from '../limit-key.js';
import { Uncounted, uncountedRefusal } from '../counted-in-redis.js';
import { tooManyRequests } from '../refusal.js';
import { limitHeaders } from './limit-headers.js';
import { resolveRateLimiterOptions, type RateLimiterOptions, type RateLimiterSettings } from './options.js';
import { proxyAdvice } from './proxy-advice.js';
import { redisStore } from './redis-store.js';
import { windowStore } from './window-store.js';

/**
 * Allows each client `max` requests per window; one more is a 429 `Too many requests` with `Retry-After`, given as an error
 * to `errorHandler()`. Every answer has the `RateLimit` and `RateLimit-Policy` headers of draft 8
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/08/). Probes and scrapes are never limited.
 *
 * With `redis` all instances count together; without it each counts by itself, and an outage of Redis is survived as
 * `whenRedisFails` says.
 *
 * Behind a proxy say which: `app.set('trust proxy', ['10.0.0.0/8'])`. Without it all clients are the proxy and share one
 * limit; with `true` anybody can invent an address for each request.
 *
 * @example
 * app.use(rateLimiter({ max: 100, windowMs: 60_000, logger }));
 */
export function rateLimiter(options?: RateLimiterOptions): Middleware {
  const settings = resolveRateLimiterOptions(options);
  const count = wordCounter(settings.registry, {
    name: 'rate_limit_requests_total',
    help: 'Requests seen by the rate limiter, by whether it let them pass',
    label: 'result',
    words: ['allowed', 'rejected'],
  });
  const setHeaders = limitHeaders(settings);
  const advise = proxyAdvice(settings.logger);
  const limiter = rateLimit({
    limit: settings.max,
    windowMs: settings.windowMs,
    standardHeaders: false,
    legacyHeaders: false,
    store: settings.redis === undefined ? windowStore(settings) : redisStore(settings.redis, settings),
    keyGenerator: keyOf(settings.key),
    handler: (req, res, next) => {
      count('rejected');
      warnOnce(req, settings);
      setHeaders(res, infoOf(req));
      const seconds = retryAfter(req);
      // Also here, for an error handler that is not ours.
      if (!res.headersSent) res.setHeader('Retry-After', seconds);
      next(tooManyRequests(seconds));
    },
    logger: misuseLogger(settings.logger),
  });

  return function rateLimiterMiddleware(req, res, next) {
    if (opsEndpointOf(req) !== undefined) {
      next();
      return;
    }
    advise(req);
    limit(req, res, (error) => {
      if (error instanceof Uncounted) {
        decideUncounted(next);
        return;
      }
      // Refused, or not counted because the key could not be told.
      if (error !== undefined) {
        next(error);
        return;
      }
      count('allowed');
      setHeaders(res, infoOf(req));
      next();
    });
  };

  function decideUncounted(next: Next): void {
    const refusal = uncountedRefusal(settings.whenRedisFails, 'ERR_RATE_LIMIT_UNAVAILABLE');
    count(refusal === undefined ? 'allowed' : 'rejected');
    next(refusal);
  }

  function limit(req: IncomingMessage, res: ServerResponse, next: Next): void {
    // Typed for Express, whose requests these are; our own types know node:http only. It gives its errors to `next`.
    void limiter(req as Parameters<typeof limiter>[0], res as Parameters<typeof limiter>[1], next);
  }
}

interface CountedRequest extends IncomingMessage {
  rateLimit: RateLimitInfo;
}

/** What express-rate-limit left on the request that it has just counted. */
function infoOf(req: IncomingMessage): RateLimitInfo {
  // It does so before it calls any of the callbacks given to it.
  return (req as CountedRequest).rateLimit;
}

/** Whole seconds until the window ends; never 0, which would invite a request that is refused again. */
function retryAfter(req: IncomingMessage): number {
  const endsAt = infoOf(req).resetTime?.getTime() ?? 0;
  return Math.max(1, Math.ceil((endsAt - Date.now()) / 1000));
}

/** One line per key and window: hits are counted one by one, so exactly one request is the first over the limit. */
function warnOnce(req: IncomingMessage, { logger, max, windowMs }: RateLimiterSettings): void {
  const { used, key } = infoOf(req);
  if (used !== max + 1) return;
  const { method, originalUrl, url } = req as ExpressRequest;
  const path = pathOf(originalUrl ?? url ?? '').slice(0, 512);
  logger.warn({ key, max, windowMs, method, path, ...contextFields(contextOf(req)) }, 'Rate limit exceeded');
}

/** express-rate-limit notices wrong use (made inside of a handler, a request counted twice) and would write to the console. */
function misuseLogger(logger: Logger): { warn: (error: unknown) => void; error: (error: unknown) => void } {
  const report = (error: unknown): void => {
    logger.error({ error: error instanceof Error ? error.message : String(error) }, 'Rate limiter misused');
  };
  return { warn: report, error: report };
}
