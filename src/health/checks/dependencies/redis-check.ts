import { hasMethods, isBoolean, isText } from '../../../core/checks.js';
import type { CheckResult, HealthCheck } from '../../../core/health-check.js';
import { requireOption, resolveOptions } from '../../../core/options.js';
import { answered, isResponseTime, unreachable } from './response-time.js';

/** What is needed of a Redis client: those of ioredis and node-redis fit. */
export interface RedisPort {
  ping(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

export interface RedisCheckOptions {
  /** A client that is connected, or connects by itself. A service without Redis has no check of it. */
  client: RedisPort;
  /**
   * Whether the service is unusable without Redis. A cache that is away only costs time.
   * @default false
   */
  critical?: boolean;
  /**
   * Milliseconds above which Redis counts as degraded.
   * @default 500
   */
  degradedAboveMs?: number;
  /**
   * Key of the check in bodies, log lines and metrics.
   * @default 'redis'
   */
  name?: string;
}

export const REDIS_CHECK_DEFAULTS = Object.freeze({ critical: false, degradedAboveMs: 500, name: 'redis' });

/**
 * Sends `PING`. An `error` of the client is seen by the next probe, however young the latest pass is. A client that queues
 * commands while it is not connected is down with reason `timeout`.
 */
export function redisCheck(options: RedisCheckOptions): HealthCheck {
  const { client, critical, degradedAboveMs, name } = resolveOptions('redisCheck', options, REDIS_CHECK_DEFAULTS, {
    client: hasMethods('ping', 'on', 'off'),
    critical: isBoolean,
    degradedAboveMs: isResponseTime,
    name: isText,
  });
  requireOption('redisCheck', 'client', client, 'give a client of ioredis or node-redis, e.g. redisCheck({ client })');

  return {
    name,
    critical,
    async run(): Promise<CheckResult | undefined> {
      const startedAt = performance.now();
      try {
        await client.ping();
        return answered(name, startedAt, degradedAboveMs);
      } catch (error) {
        return unreachable(name, error);
      }
    },
    watch(invalidate) {
      client.on('error', invalidate);
      return () => void client.off('error', invalidate);
    },
  };
}
