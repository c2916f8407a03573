import { Redis } from 'ioredis';
import type { Config, Logger } from 'express-runbook';

const COMMAND_TIMEOUT_MS = 1000;
const MAX_RETRY_DELAY_MS = 2000;

/**
 * The client of the configured Redis; nothing without one. Commands fail at once while it is away: whoever uses it has
 * something better to do than to wait, and nothing piles up. It connects when `watchRedis` listens to it.
 */
export function createRedis({ redis }: Config): Redis | undefined {
  if (redis === undefined) return undefined;
  return new Redis(redis.url, {
    lazyConnect: true,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RETRY_DELAY_MS),
  });
}

/** Connects, and tells when Redis goes and when it is back: one line per outage and not one per attempt. */
export function watchRedis(client: Redis, logger: Logger): void {
  let isAway = false;
  client.on('error', (error: Error) => {
    if (!isAway) logger.warn({ error }, 'Redis is away');
    isAway = true;
  });
  client.on('ready', () => {
    if (isAway) logger.info({}, 'Redis is back');
    isAway = false;
  });
  // The listener above has told why it could not; the client goes on trying.
  client.connect().catch(() => undefined);
}
