import type { Ops, RedisCommands } from 'express-runbook';
import { createCache } from 'express-runbook/cache';
import type { Pool } from 'pg';
import { timeToLive } from '../cache-times.js';
import { findRules, type Rule } from './queries.js';

export interface RuleList {
  of(clientId: string): Promise<Rule[]>;
  /** To be called after every write to a client's rules. */
  changed(clientId: string): Promise<void>;
}

type Parts = Pick<Ops, 'metrics' | 'logger'> & { readonly redis: RedisCommands | undefined };

/** What each client wants of its codebooks, from the cache. */
export function createRuleList(pool: Pool, { redis, metrics, logger }: Parts): RuleList {
  const ttlMs = timeToLive('clientRules', redis);
  const cache = createCache<Rule[]>({ name: 'client_rules', ttlMs, redis, logger, registry: metrics.registry });
  const keyOf = (clientId: string): string => `client:${clientId}:rules`;
  return {
    of: (clientId) => cache.cached(keyOf(clientId), () => findRules(pool, clientId), { tags: [`client:${clientId}`] }),
    changed: (clientId) => cache.delete(keyOf(clientId)),
  };
}
