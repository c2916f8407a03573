import type { Ops, RedisCommands } from 'express-runbook';
import type { Pool } from 'pg';
import { createEventList, type EventList } from './event-list.js';
import { createEventProcessor } from './event-processor.js';

export interface ServiceEvents {
  readonly list: EventList;
  /** Begins to process events; without it this process only takes them. */
  readonly start: () => void;
  /** To be called after an event was created: this process looks at once, others within a second. */
  readonly wake: () => void;
}

/** The events of this service. Shutdown waits for the one that is being processed. */
export function createServiceEvents(ops: Ops, pool: Pool, redis: RedisCommands | undefined): ServiceEvents {
  const list = createEventList(pool, { redis, ...ops });
  const processor = createEventProcessor(pool, list, ops);
  ops.shutdown.add('events', () => processor.close());
  return { list, start: processor.start, wake: processor.wake };
}
