import { runWithContext, type Ops } from 'express-runbook';
import type { Pool } from 'pg';
import { createArchive } from './archive.js';
import { createBell } from './bell.js';
import type { EventList } from './event-list.js';
import { outageOf } from './outage.js';
import { contextOf, processNext, type ProcessedEvent } from './process-event.js';

/** How long an event waits at most that another process wrote, or that came while the database was away. */
const POLL_MS = 1000;
/** How long the event under way has to end when the process does. */
const END_WITHIN_MS = 2000;

export interface EventProcessor {
  readonly start: () => void;
  /** There is something to do. */
  readonly wake: () => void;
  /** Begins no further event; resolves when the one under way has ended, or was given up and is pending as before. */
  readonly close: () => Promise<void>;
}

type Parts = Pick<Ops, 'logger' | 'metrics'>;

/** One event after the other, the urgent ones first; and once an hour the old ones into the archive. */
export function createEventProcessor(pool: Pool, list: EventList, { logger, metrics }: Parts): EventProcessor {
  const stopping = new AbortController();
  const ending = new AbortController();
  const bell = createBell();
  const archive = createArchive(pool, list, logger);
  const outage = outageOf(logger, 'Processing events');
  const processed = metrics.counter({
    name: 'events_processed_total',
    help: 'Events that were processed, by how that ended.',
    labelNames: ['outcome'],
  });
  for (const outcome of ['completed', 'failed']) processed.inc({ outcome }, 0);
  let working: Promise<void> | undefined;

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

  /** Whether there was something to do. */
  async function round(): Promise<boolean> {
    try {
      const done = await processNext(pool, ending.signal);
      outage.isOver();
      if (done !== undefined) await runWithContext(contextOf(done.event), () => tell(done));
      return (await archive.round(ending.signal)) || done !== undefined;
    } catch (error) {
      if (!ending.signal.aborted) outage.goesOn(error);
      return false;
    }
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) if (!(await round())) await bell.rung(POLL_MS);
  }

  return {
    start() {
      if (!stopping.signal.aborted) working ??= work();
    },
    wake: bell.ring,
    async close() {
      stopping.abort();
      bell.ring();
      const timer = setTimeout(() => {
        ending.abort();
      }, END_WITHIN_MS);
      await working;
      clearTimeout(timer);
    },
  };
}
