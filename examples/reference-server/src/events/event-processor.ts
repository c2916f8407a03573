import { setTimeout as sleep } from 'node:timers/promises';
import { runWithContext, type Ops } from 'express-runbook';
import type { Pool } from 'pg';
import { archiveOldEvents } from './archive.js';
import { createBell } from './bell.js';
import type { EventList } from './event-list.js';
import { outageOf } from './outage.js';
import { contextOf, processNext, type ProcessedEvent } from './process-event.js';

/** How long an event waits at most that another process wrote, or that came while the database was away. */
const POLL_MS = 1000;
const ARCHIVE_EVERY_MS = 3_600_000;

export interface EventProcessor {
  readonly start: () => void;
  /** There is something to do. */
  readonly wake: () => void;
  /** Begins no further event; resolves when the one under way has ended. */
  readonly close: () => Promise<void>;
}

/** One event after the other, the urgent ones first; and now and then the old ones into the archive. */
export function createEventProcessor(pool: Pool, list: EventList, { logger, metrics }: Ops): EventProcessor {
  const stopping = new AbortController();
  const { signal } = stopping;
  const bell = createBell();
  const processed = metrics.counter({
    name: 'events_processed_total',
    help: 'Events that were processed, by how that ended.',
    labelNames: ['outcome'],
  });
  for (const outcome of ['completed', 'failed']) processed.inc({ outcome }, 0);
  let working: Promise<unknown> | undefined;

  async function tell({ event, durationMs, error }: ProcessedEvent): Promise<void> {
    const { id: eventId, type: eventType, userId } = event;
    processed.inc({ outcome: error === undefined ? 'completed' : 'failed' });
    if (error === undefined) {
      logger.info({ eventId, eventType, duration: durationMs, userId }, 'Event processed successfully');
    } else {
      logger.error({ eventId, error: error.message, stack: error.stack }, 'Failed to process event');
    }
    if (userId !== null) await list.changed(userId);
  }

  async function processAll(): Promise<void> {
    const outage = outageOf(logger, 'Processing events');
    while (!signal.aborted) {
      try {
        const done = await processNext(pool);
        outage.isOver();
        if (done !== undefined) {
          await runWithContext(contextOf(done.event), () => tell(done));
          continue;
        }
      } catch (error) {
        outage.goesOn(error);
      }
      await bell.rung(POLL_MS);
    }
  }

  async function archive(): Promise<void> {
    while (!signal.aborted) {
      try {
        const events = await archiveOldEvents(pool, signal);
        if (events > 0) {
          logger.info({ events }, 'Events archived');
          await list.allChanged();
        }
      } catch (error) {
        logger.warn({ error }, 'Events could not be archived; it is tried again in an hour');
      }
      await sleep(ARCHIVE_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  return {
    start() {
      if (!signal.aborted) working ??= Promise.all([processAll(), archive()]);
    },
    wake: bell.ring,
    async close() {
      stopping.abort();
      bell.ring();
      await working;
    },
  };
}
