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
import { requireOption, resolveOptions, type Resolved } from '../../core/options.js';
import type { RedisCommands } from '../../core/redis.js';
import { isLimitKey, type LimitKey } from '../limit-key.js';
import { OUTAGE_ANSWERS, type OutageAnswer } from '../counted-in-redis.js';
import { PERIODS, type Period } from './period.js';

export interface RequestQuotaOptions {
  /** Requests of one key that a period allows; at least 1. Required. */
  max?: number;
  /**
   * Calendar period of the quota, `day` or `month`, by UTC. At its end everybody starts anew.
   * @default 'month'
   */
  per?: Period;
  /**
   * Whose quota it is: the `client` or `user` that the request's context names, the `address`, or what a function says. While
   * nobody is named the address counts, so mount it behind authentication.
   * @default 'client'
   */
  key?: LimitKey;
  /** Where all instances count together, and where the counts survive a restart. Each instance counts its own when left out. */
  redis?: RedisCommands;
  /**
   * Tells quotas that share a Redis apart: its keys are `quota:<name>:<period>:<key>`.
   * @default 'requests'
   */
  name?: string;
  /**
   * What happens while Redis does not answer: each instance counts by itself (`local`), nobody is held to a quota
   * (`allow`), or everybody gets a 503 (`deny`).
   * @default 'allow'
   */
  whenRedisFails?: OutageAnswer;
  /**
   * Milliseconds that a request waits for Redis, when an outage begins; later ones do not wait.
   * @default 100
   */
  redisTimeoutMs?: number;
  /**
   * Keys remembered at most in this process; above it the one that was counted first is forgotten.
   * @default 50000
   */
  maxKeys?: number;
  /**
   * Gets one warning per key and period when 80 % are used, and one when all is.
   * @default no logger
   */
  logger?: Logger;
  /** Where `quota_requests_total{result="allowed|rejected"}` is counted; nowhere when left out. */
  registry?: Registry;
  /**
   * Milliseconds since 1970 by the wall clock, which the calendar follows; for tests.
   * @default Date.now
   */
  now?: () => number;
}

export const REQUEST_QUOTA_DEFAULTS = Object.freeze({
  per: 'month' as const,
  key: 'client' as const,
  name: 'requests',
  whenRedisFails: 'allow' as const,
  redisTimeoutMs: 100,
  maxKeys: 50_000,
  logger: SILENT_LOGGER,
  now: Date.now,
});

export type RequestQuotaSettings = Resolved<RequestQuotaOptions, typeof REQUEST_QUOTA_DEFAULTS> & {
  readonly max: number;
};

export function resolveRequestQuotaOptions(options: RequestQuotaOptions): RequestQuotaSettings {
  const settings = resolveOptions<RequestQuotaOptions, typeof REQUEST_QUOTA_DEFAULTS>(
    'requestQuota',
    options,
    REQUEST_QUOTA_DEFAULTS,
    {
      max: isInteger(1),
      per: isOneOf(PERIODS),
      key: isLimitKey,
      redis: hasMethods('call'),
      name: isText,
      whenRedisFails: isOneOf(OUTAGE_ANSWERS),
      redisTimeoutMs: isTimeMs(1),
      maxKeys: isInteger(1),
      logger: isLogger,
      registry: isRegistry,
      now: isFunction,
    },
  );
  requireOption('requestQuota', 'max', settings.max, 'say how many requests a period allows, e.g. { max: 10_000 }');
  // Just demanded.
  return settings as RequestQuotaSettings;
}
