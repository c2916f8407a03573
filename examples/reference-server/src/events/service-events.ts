import { getContext, type Ops, type RedisCommands } from 'express-runbook';
import { createPool } from 'express-runbook/postgres';
import type { Pool } from 'pg';
import type { Settings } from '../settings.js';
import { createEventList, type EventList } from './event-list.js';
import { createEventProcessor } from './event-processor.js';

/** Nobody waits for what is asked here: its pauses do not belong among the slow queries of requests. */
const SLOW_QUERY_MS = 5000;

export interface ServiceEvents {
  readonly list: EventList;
  /** Begins to process events; without it this process only takes them. */
  readonly start: () => void;
  /** To be called after an event was created: this process looks at once, others within a second. */
  readonly wake: () => void;
}

interface Parts {
  readonly ops: Ops;
  readonly pool: Pool;
  readonly redis: RedisCommands | undefined;
}

/** The events of this service. They are processed on a connection of their own; shutdown waits for the one under way. */
export function createServiceEvents({ config, profile }: Settings, { ops, pool, redis }: Parts): ServiceEvents {
  const { logger, metrics, shutdown } = ops;
  const { database } = config;
  const list = createEventList(pool, { redis, logger, metrics });
  const own = createPool({
    name: 'events',
    connectionString: database.url,
    ssl: database.ssl,
    max: 1,
    connectionTimeoutMs: database.connectionTimeoutMs,
    statementTimeoutMs: database.statementTimeoutMs,
    pooler: database.pooler,
    applicationName: `${profile.service}-events`,
    slowQueryThresholdMs: SLOW_QUERY_MS,
    logger,
    registry: metrics.registry,
    context: getContext,
  });
  const processor = createEventProcessor(own, list, { logger, metrics });
  // Hooks run in reverse order.
  shutdown.add('event connection', () => own.close());
  shutdown.add('events', () => processor.close());
  return { list, start: processor.start, wake: processor.wake };
}
