import type { Registry } from 'prom-client';
import {
  hasMethods,
  isFunction,
  isInteger,
  isLogger,
  isOneOf,
  isRegistry,
  isText,
  isTimeMs,
} from '../../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { resolveOptions, type Resolved } from '../../core/options.js';
import type { RedisCommands } from '../../core/redis.js';
import { isLimitKey, type LimitKey } from '../limit-key.js';
import { OUTAGE_ANSWERS, type OutageAnswer } from '../counted-in-redis.js';

export interface RateLimiterOptions {
  /**
   * Requests of one key that a window allows; at least 1.
   * @default 100
   */
  max?: number;
  /**
   * Milliseconds of a window. It begins with a key's first request and is never prolonged by later ones.
   * @default 60000
   */
  windowMs?: number;
  /**
   * Keys remembered at most, so that memory is bounded whoever calls. Above it the oldest half is forgotten, and those
   * clients start anew; at least 2.
   * @default 50000
   */
  maxKeys?: number;
  /**
   * Who is limited: `address` by `req.ip`, IPv6 by its /56; `user` or `client` as the request's context names them, by
   * address while it does not; or a function. It returns an id and not a secret: it is logged when the limit is exceeded.
   * @default 'address'
   */
  key?: LimitKey;
  /** Where the hits of all instances are counted together; each instance counts its own when left out. */
  redis?: RedisCommands;
  /**
   * Tells limiters that share a Redis apart: its keys are `rate-limit:<name>:<key>`.
   * @default 'requests'
   */
  name?: string;
  /**
   * What happens while Redis does not answer: each instance counts by itself (`local`), nobody is limited (`allow`), or
   * everybody gets a 503 (`deny`). Logged when it begins and ends, counted in `rate_limit_fallback_total`.
   * @default 'local'
   */
  whenRedisFails?: OutageAnswer;
  /**
   * Milliseconds that a request waits for Redis, when an outage begins; later ones do not wait.
   * @default 100
   */
  redisTimeoutMs?: number;
  /**
   * Gets one warning per key and window in which the limit is exceeded.
   * @default no logger
   */
  logger?: Logger;
  /** Where `rate_limit_requests_total{result="allowed|rejected"}` is counted; nowhere when left out. */
  registry?: Registry;
  /**
   * Milliseconds of a clock that never goes back; for tests.
   * @default the monotonic clock of `performance.now`
   */
  now?: () => number;
}

export const RATE_LIMITER_DEFAULTS = Object.freeze({
  max: 100,
  windowMs: 60_000,
  maxKeys: 50_000,
  key: 'address' as const,
  name: 'requests',
  whenRedisFails: 'local' as const,
  redisTimeoutMs: 100,
  logger: SILENT_LOGGER,
  // Not Date.now: a clock that is set back would freeze every window, one set forward would end them all.
  now: (): number => performance.now(),
});

export type RateLimiterSettings = Resolved<RateLimiterOptions, typeof RATE_LIMITER_DEFAULTS>;

export function resolveRateLimiterOptions(options?: RateLimiterOptions): RateLimiterSettings {
  return resolveOptions<RateLimiterOptions, typeof RATE_LIMITER_DEFAULTS>(
    'rateLimiter',
    options,
    RATE_LIMITER_DEFAULTS,
    {
      max: isInteger(1),
      windowMs: isTimeMs(1),
      maxKeys: isInteger(2),
      key: isLimitKey,
      redis: hasMethods('call'),
      name: isText,
      whenRedisFails: isOneOf(OUTAGE_ANSWERS),
      redisTimeoutMs: isTimeMs(1),
      logger: isLogger,
      registry: isRegistry,
      now: isFunction,
    },
  );
}
