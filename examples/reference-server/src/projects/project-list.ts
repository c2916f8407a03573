import type { Metrics } from 'express-runbook';
import { createCache } from 'express-runbook/cache';
import type { Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import { findProjects, type Project } from './queries.js';
import type { ProjectPage } from './schemas.js';

// Each process has its own cache: what another worker wrote shows after this time at the latest.
const TTL_MS = 5000;

export interface ProjectList {
  page(userId: string, page: ProjectPage): Promise<Page<Project>>;
  /** To be called after every write to a user's projects. */
  changed(userId: string): Promise<void>;
}

/** The pages of each user's projects, from memory when they were asked for a moment ago. */
export function createProjectList(pool: Pool, { registry }: Metrics): ProjectList {
  const cache = createCache<Page<Project>>({ name: 'projects', ttlMs: TTL_MS, registry });
  return {
    page(userId, page) {
      const key = `projects:${userId}:${JSON.stringify(page)}`;
      return cache.cached(key, () => findProjects(pool, userId, page), { tags: [userId] });
    },
    changed: (userId) => cache.deleteByTag(userId),
  };
}
