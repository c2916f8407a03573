import { hasMethods, isBoolean, isText } from '../../../core/checks.js';
import type { CheckResult, HealthCheck } from '../../../core/health-check.js';
import { requireOption, resolveOptions } from '../../../core/options.js';
import { answered, isResponseTime, unreachable } from './response-time.js';

/** What is needed of a Redis client: those of ioredis and node-redis fit. */
export interface RedisPort {
  /** How far ioredis is with its connection. */
  readonly status?: string;
  ping(): Promise<unknown>;
  on(event: 'error' | 'ready' | 'close', listener: (error: Error) => void): unknown;
  off(event: 'error' | 'ready' | 'close', listener: (error: Error) => void): unknown;
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

/** What ioredis says while it opens a connection; without its offline queue a command would fail now. */
const CONNECTING: readonly (string | undefined)[] = ['connecting', 'connect'];

/**
 * Sends `PING`, to a client of ioredis that is connecting once it is connected. An `error` of the client is seen by the next
 * probe, however young the latest pass is. A client that queues commands while it is not connected is down with reason
 * `timeout`.
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
    async run(signal): Promise<CheckResult | undefined> {
      const startedAt = performance.now();
      try {
        if (CONNECTING.includes(client.status)) await connected(client, signal);
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

/** Until the attempt that is under way has ended, in either way. */
function connected(client: RedisPort, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      client.off('ready', done);
      client.off('close', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    client.on('ready', done);
    client.on('close', done);
    signal.addEventListener('abort', done);
  });
}
