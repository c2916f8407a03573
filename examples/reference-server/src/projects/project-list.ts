import type { Ops, RedisCommands } from 'express-runbook';
import { createCache } from 'express-runbook/cache';
import type { Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import { findProjects, type Project } from './queries.js';
import { projectPageSchema, type ProjectPage } from './schemas.js';

const SHARED_TTL_MS = 3_600_000;
// Each process has its own memory: what another worker wrote shows after this time at the latest.
const OWN_TTL_MS = 5000;

const FIRST_PAGE = JSON.stringify(projectPageSchema.parse({}));

export interface ProjectList {
  page(userId: string, page: ProjectPage): Promise<Page<Project>>;
  /** To be called after every write to a user's projects. */
  changed(userId: string): Promise<void>;
}

type Parts = Pick<Ops, 'metrics' | 'logger'> & { readonly redis: RedisCommands | undefined };

/**
 * The pages of each user's projects, from the cache when they were asked for a moment ago: the first one as
 * `projects:<user>`, which `redis-cli ttl` knows. Answers are JSON: the dates that Redis gives back as text look the same there.
 */
export function createProjectList(pool: Pool, { redis, metrics, logger }: Parts): ProjectList {
  const ttlMs = redis === undefined ? OWN_TTL_MS : SHARED_TTL_MS;
  const cache = createCache<Page<Project>>({ name: 'projects', ttlMs, redis, logger, registry: metrics.registry });
  return {
    page(userId, page) {
      const asked = JSON.stringify(page);
      const key = asked === FIRST_PAGE ? `projects:${userId}` : `projects:${userId}:${asked}`;
      return cache.cached(key, () => findProjects(pool, userId, page), { tags: [`user:${userId}`] });
    },
    changed: (userId) => cache.deleteByTag(`user:${userId}`),
  };
}
