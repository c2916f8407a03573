import type { Answer } from '../exchange.js';

/**
 * How many requests in a window the limit allows, as the answer says it in one of the ways that are in use: `RateLimit-Policy`
 * (draft 8 of the IETF's RateLimit header fields), `RateLimit` of draft 7, `RateLimit-Limit` and `X-RateLimit-Limit`.
 */
export function allowance({ header }: Answer): number | undefined {
  const told = [
    /\bq=(\d+)/.exec(header('ratelimit-policy')),
    /\blimit=(\d+)/.exec(header('ratelimit')),
    /^(\d+)/.exec(header('ratelimit-limit')),
    /^(\d+)/.exec(header('x-ratelimit-limit')),
  ];
  const [, count] = told.find((one) => one !== null) ?? [];
  return count === undefined ? undefined : Number(count);
}
