import type { ServerResponse } from 'node:http';
import { contextFields, contextOf } from '../../core/context.js';
import type { ExpressRequest, Middleware, Next } from '../../core/middleware.js';
import { opsEndpointOf } from '../../core/ops-endpoint.js';
import { wordCounter } from '../../instruments/word-counter.js';
import { keyOf } from '../limit-key.js';
import { Uncounted, uncountedRefusal } from '../counted-in-redis.js';
import { quotaExceeded } from '../refusal.js';
import { resolveRequestQuotaOptions, type RequestQuotaOptions, type RequestQuotaSettings } from './options.js';
import { periodAt, type CalendarPeriod } from './period.js';
import { periodCounts } from './period-counts.js';

const SECOND_MS = 1000;
const WARN_SHARE = 0.8;

interface Counted {
  readonly used: number;
  readonly key: string;
  readonly period: CalendarPeriod;
}

/**
 * Allows each client `max` requests per calendar day or month; one more is a 429 `Quota exceeded` whose `Retry-After` is the
 * end of the period. Answers carry the quota in `RateLimit` and `RateLimit-Policy`, beside that of `rateLimiter()`. A warning
 * tells once when a client has used 80 %. Probes and scrapes are never counted. Stands behind authentication.
 *
 * @example
 * app.use('/api', authenticate, requestQuota({ max: 100_000, per: 'month', redis, logger }));
 */
export function requestQuota(options: RequestQuotaOptions): Middleware {
  const settings = resolveRequestQuotaOptions(options);
  const { max, per, now, whenRedisFails } = settings;
  const result = wordCounter(settings.registry, {
    name: 'quota_requests_total',
    help: 'Requests counted against a quota, by whether they were within it',
    label: 'result',
    words: ['allowed', 'rejected'],
  });
  const countRequest = periodCounts(settings);
  const keyFor = keyOf(settings.key);

  async function decide(req: ExpressRequest, res: ServerResponse): Promise<Error | undefined> {
    const period = periodAt(now(), per);
    const key = keyFor(req);
    const used = await countRequest(key, period);
    const isAllowed = used <= max;
    result(isAllowed ? 'allowed' : 'rejected');
    const counted = { used, key, period };
    const leftSeconds = setHeaders(res, counted, settings);
    warnAt(counted, req, settings);
    return isAllowed ? undefined : quotaExceeded(leftSeconds);
  }

  function refusalOf(error: unknown): unknown {
    if (!(error instanceof Uncounted)) return error;
    const refusal = uncountedRefusal(whenRedisFails, 'ERR_QUOTA_UNAVAILABLE');
    result(refusal === undefined ? 'allowed' : 'rejected');
    return refusal;
  }

  return function requestQuotaMiddleware(req, res, next) {
    if (opsEndpointOf(req) !== undefined) {
      next();
      return;
    }
    settle(decide(req, res).catch(refusalOf), next);
  };
}

/** Calls `next` outside of the promise: what a handler throws is not ours to catch. */
function settle(decision: Promise<unknown>, next: Next): void {
  void decision.then((refusal) => {
    process.nextTick(next, refusal);
  });
}

function setHeaders(res: ServerResponse, { used, period }: Counted, { max, per, now }: RequestQuotaSettings): number {
  const leftSeconds = Math.max(1, Math.ceil((period.endsAt - now()) / SECOND_MS));
  if (res.headersSent) return leftSeconds;
  const name = `"${String(max)}-per-${per}"`;
  const windowSeconds = (period.endsAt - period.startsAt) / SECOND_MS;
  res.appendHeader('RateLimit', `${name}; r=${String(Math.max(0, max - used))}; t=${String(leftSeconds)}`);
  res.appendHeader('RateLimit-Policy', `${name}; q=${String(max)}; w=${String(windowSeconds)}`);
  return leftSeconds;
}

/** Requests are counted one by one, over all instances: exactly one of them is the first at each mark. */
function warnAt({ used, key, period }: Counted, req: ExpressRequest, { max, per, logger }: RequestQuotaSettings): void {
  const message = messageAt(used, max);
  if (message === undefined) return;
  logger.warn({ key, used, max, per, period: period.id, ...contextFields(contextOf(req)) }, message);
}

function messageAt(used: number, max: number): string | undefined {
  if (used === max + 1) return 'Quota exceeded';
  return used === Math.ceil(max * WARN_SHARE) ? 'Quota used by 80 %' : undefined;
}
