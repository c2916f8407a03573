import type { Config } from '../config.js';
import type { ValuesRead } from '../reading/read-values.js';

interface RedisSettings {
  readonly redis: Config['redis'];
  readonly warnings: readonly string[];
}

const PARTS = ['REDIS_HOST', 'REDIS_PORT', 'REDIS_PASSWORD', 'REDIS_DB'] as const;

/** Redis by URL, else by its parts, else none: the cache then stays in memory. */
export function redisSettings({ values, said }: ValuesRead): RedisSettings {
  const { REDIS_URL: given, REDIS_HOST: host } = values;
  const parts = PARTS.filter((name) => said[name] !== undefined);
  const partsRank = Math.min(...parts.map((name) => said[name]?.source.rank ?? Infinity));
  const isUrlStronger = given !== undefined && (said.REDIS_URL?.source.rank ?? 0) <= partsRank;
  if (given !== undefined && (isUrlStronger || host === undefined)) {
    const warnings = disagrees(given, values, parts)
      ? [`REDIS_URL and ${parts.join(', ')} disagree: REDIS_URL is used`]
      : [];
    return { redis: { url: given }, warnings };
  }
  if (host !== undefined) return { redis: { url: urlOf(host, values) }, warnings: [] };
  const warnings = parts.length === 0 ? [] : [`${parts.join(', ')} without REDIS_HOST or REDIS_URL: Redis stays off`];
  return { redis: undefined, warnings };
}

function urlOf(host: string, values: ValuesRead['values']): string {
  const password = values.REDIS_PASSWORD === undefined ? '' : `:${encodeURIComponent(values.REDIS_PASSWORD)}@`;
  const address = host.includes(':') ? `[${host}]` : host;
  return `redis://${password}${address}:${String(values.REDIS_PORT)}/${String(values.REDIS_DB)}`;
}

function disagrees(given: string, values: ValuesRead['values'], parts: readonly string[]): boolean {
  const url = new URL(given);
  const inUrl: Record<string, string> = {
    REDIS_HOST: url.hostname.replace(/^\[|\]$/g, ''),
    REDIS_PORT: url.port === '' ? '6379' : url.port,
    REDIS_PASSWORD: url.password,
    REDIS_DB: url.pathname.length > 1 ? url.pathname.slice(1) : '0',
  };
  const asEncoded: Record<string, string> = {
    REDIS_HOST: values.REDIS_HOST ?? '',
    REDIS_PORT: String(values.REDIS_PORT),
    REDIS_PASSWORD: encodeURIComponent(values.REDIS_PASSWORD ?? ''),
    REDIS_DB: String(values.REDIS_DB),
  };
  return parts.some((name) => inUrl[name] !== asEncoded[name]);
}
