import type { Ops, RedisCommands } from 'express-runbook';
import { createCache } from 'express-runbook/cache';
import type { Page } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import { findEvents, type Event } from './queries.js';
import { eventPageSchema, type EventPage } from './schemas.js';

const SHARED_TTL_MS = 600_000;
// Each process has its own memory: what another one wrote shows after this time at the latest.
const OWN_TTL_MS = 5000;

const FIRST_PAGE = JSON.stringify(eventPageSchema.parse({}));

export interface EventList {
  page(userId: string, page: EventPage): Promise<Page<Event>>;
  /** To be called after every write to a user's events. */
  changed(userId: string): Promise<void>;
  /** To be called after writes to many users' events. */
  allChanged(): Promise<void>;
}

type Parts = Pick<Ops, 'metrics' | 'logger'> & { readonly redis: RedisCommands | undefined };

/** The pages of each user's events, from the cache when they were asked for before: the first one as `events:user:<user>`. */
export function createEventList(pool: Pool, { redis, metrics, logger }: Parts): EventList {
  const ttlMs = redis === undefined ? OWN_TTL_MS : SHARED_TTL_MS;
  const cache = createCache<Page<Event>>({ name: 'events', ttlMs, redis, logger, registry: metrics.registry });
  const tagOf = (userId: string): string => `events:${userId}`;
  return {
    page(userId, page) {
      const asked = JSON.stringify(page);
      const key = asked === FIRST_PAGE ? `events:user:${userId}` : `events:user:${userId}:${asked}`;
      return cache.cached(key, () => findEvents(pool, userId, page), { tags: [tagOf(userId)] });
    },
    changed: (userId) => cache.deleteByTag(tagOf(userId)),
    allChanged: () => cache.clear(),
  };
}
