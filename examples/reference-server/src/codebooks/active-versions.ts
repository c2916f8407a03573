import type { Ops, RedisCommands } from 'express-runbook';
import { createCache } from 'express-runbook/cache';
import type { Pool } from 'pg';
import { timeToLive } from '../cache-times.js';
import { findActiveVersion, type Version } from './versions.js';

export interface ActiveVersions {
  of(codebookId: string, clientId: string): Promise<Version | undefined>;
  /** To be called after every change of which version is active. */
  changed(codebookId: string): Promise<void>;
}

type Parts = Pick<Ops, 'metrics' | 'logger'> & { readonly redis: RedisCommands | undefined };

/** Which version of a codebook is in force, as `codebook:<id>:active_version`, which `redis-cli ttl` knows. */
export function createActiveVersions(pool: Pool, { redis, metrics, logger }: Parts): ActiveVersions {
  const ttlMs = timeToLive('activeVersion', redis);
  // null is a value and is kept: a codebook without an active version.
  const cache = createCache<Version | null>({
    name: 'active_versions',
    ttlMs,
    redis,
    logger,
    registry: metrics.registry,
  });
  const keyOf = (codebookId: string): string => `codebook:${codebookId}:active_version`;
  return {
    async of(codebookId, clientId) {
      const load = async (): Promise<Version | null> => (await findActiveVersion(pool, codebookId)) ?? null;
      const tags = [`codebook:${codebookId}`, `client:${clientId}`];
      return (await cache.cached(keyOf(codebookId), load, { tags })) ?? undefined;
    },
    changed: (codebookId) => cache.deleteByTag(`codebook:${codebookId}`),
  };
}
