import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { RateLimitInfo } from 'express-rate-limit';
import type { RateLimiterSettings } from './options.js';

const SECOND_MS = 1000;
const MAX_REMEMBERED_KEYS = 10_000;

type SetLimitHeaders = (res: ServerResponse, info: RateLimitInfo) => void;

/**
 * Sets `RateLimit` and `RateLimit-Policy` as express-rate-limit does for `standardHeaders: 'draft-8'`, character by
 * character. Not left to it because it hashes the key for every answer, which costs more than all of its counting.
 */
export function limitHeaders({ max, windowMs }: RateLimiterSettings): SetLimitHeaders {
  const name = `"${max}-in-${duration(windowMs)}"`;
  const quota = `${name}; q=${max}; w=${Math.ceil(windowMs / SECOND_MS)}; pk=:`;
  const policies = new Map<string, string>();

  function policyOf(key: string): string {
    const known = policies.get(key);
    if (known !== undefined) return known;
    // Keys come from clients: what is remembered must not grow with them.
    if (policies.size >= MAX_REMEMBERED_KEYS) policies.clear();
    const policy = `${quota}${partitionKey(key)}:`;
    policies.set(key, policy);
    return policy;
  }

  return (res, { remaining, resetTime, key }) => {
    if (res.headersSent) return;
    const leftMs = resetTime === undefined ? windowMs : resetTime.getTime() - Date.now();
    // Added and not set: an application may have a limit of its own for some routes beside the one for all.
    res.appendHeader('RateLimit', `${name}; r=${remaining}; t=${Math.max(0, Math.ceil(leftMs / SECOND_MS))}`);
    res.appendHeader('RateLimit-Policy', policyOf(key));
  };
}

/** Tells clients apart without telling who they are. */
function partitionKey(key: string): string {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 12);
  return Buffer.from(hash).toString('base64');
}

function duration(windowMs: number): string {
  const seconds = windowMs / SECOND_MS;
  const minutes = seconds / 60;
  const hours = minutes / 60;
  const days = hours / 24;
  if (seconds < 60) return `${seconds}sec`;
  if (minutes < 60) return `${minutes}min`;
  if (hours < 24) return `${hours}hr${hours > 1 ? 's' : ''}`;
  return `${days}day${days > 1 ? 's' : ''}`;
}
