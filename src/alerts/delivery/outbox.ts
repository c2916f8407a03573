import type { Logger } from '../../core/logger.js';
import type { AlertEvent } from '../alert.js';
import type { AlertChannel } from '../channels/channel.js';
import { attempt, type Failure } from './attempt.js';
import { createPauses } from './pauses.js';

export interface OutboxSettings {
  readonly sendTimeoutMs: number;
  readonly retries: number;
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  readonly maxQueued: number;
}

export const OUTCOMES = ['sent', 'failed', 'dropped'] as const;

export type Outcome = (typeof OUTCOMES)[number];

export interface OutboxSpec extends OutboxSettings {
  readonly channel: AlertChannel;
  readonly logger: Logger;
  readonly count: (outcome: Outcome) => void;
}

/** What waits to be sent by one channel: in order, one message at a time, whatever other channels do. */
export interface Outbox {
  /** Says whether the message was taken by its receiver; never rejects. */
  put(event: AlertEvent): Promise<boolean>;
  waiting(): number;
  /** Resolves when nothing waits. */
  empty(): Promise<void>;
  /** Pauses are over: what waits is tried once. */
  hurry(): void;
  /** Gives up what still waits. */
  abandon(): void;
}

interface Waiting {
  readonly event: AlertEvent;
  readonly settle: (isSent: boolean) => void;
}

/** How long a receiver is left alone that did not work for a whole message. */
const REST_MS = 30_000;

export function createOutbox(spec: OutboxSpec): Outbox {
  const { channel, logger, count, retries, maxQueued } = spec;
  const queue: Waiting[] = [];
  const pauses = createPauses();
  const ending = new AbortController();
  let worker: Promise<void> | undefined;
  let restUntil = 0;

  function end(waiting: Waiting, outcome: Outcome): void {
    count(outcome);
    waiting.settle(outcome === 'sent');
  }

  async function tried(event: AlertEvent): Promise<Failure | undefined> {
    for (let number = 1; ; number++) {
      const failure = await attempt(channel, event, spec.sendTimeoutMs, ending.signal);
      if (failure === undefined || !failure.mayRetry || number > retries || pauses.isOver()) return failure;
      const waitMs = pauseMs(failure, number, spec);
      if (waitMs === undefined) return failure;
      await pauses.pause(waitMs);
      if (ending.signal.aborted) return failure;
    }
  }

  /** Forgotten before the call returns to whoever may put something new: nothing waits without a worker. */
  async function work(): Promise<void> {
    try {
      await workThrough();
    } finally {
      worker = undefined;
    }
  }

  async function workThrough(): Promise<void> {
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      if (restUntil > performance.now()) await pauses.pause(restUntil - performance.now());
      const failure = await tried(first.event);
      // Dropped meanwhile, with all others.
      if (queue[0] !== first) return;
      queue.shift();
      end(first, failure === undefined ? 'sent' : 'failed');
      if (failure === undefined) continue;
      const { id, name } = first.event;
      logger.warn(
        { channel: channel.name, alert: name, alertId: id, reason: failure.reason },
        'Alert could not be sent',
      );
      if (failure.mayRetry) restUntil = performance.now() + REST_MS;
    }
  }

  function dropOldest(): void {
    // The first is under way.
    const [dropped] = queue.splice(Math.min(1, queue.length - 1), 1);
    if (dropped !== undefined) end(dropped, 'dropped');
  }

  return {
    put(event) {
      return new Promise((settle) => {
        if (ending.signal.aborted) {
          end({ event, settle }, 'dropped');
          return;
        }
        if (queue.length >= maxQueued) dropOldest();
        queue.push({ event, settle });
        worker ??= work();
      });
    },
    waiting: () => queue.length,
    async empty() {
      while (worker !== undefined) await worker;
    },
    hurry: pauses.over,
    abandon() {
      pauses.over();
      ending.abort();
      for (const one of queue.splice(0)) end(one, 'dropped');
    },
  };
}

/** Half of it left to chance, so that many senders do not come back together; undefined when it asks for too long. */
function pauseMs({ retryAfterMs = 0 }: Failure, number: number, spec: OutboxSettings): number | undefined {
  const { retryDelayMs, maxRetryDelayMs } = spec;
  if (retryAfterMs > MAX_RETRY_AFTER_MS) return undefined;
  const backoffMs = Math.min(maxRetryDelayMs, retryDelayMs * 2 ** (number - 1)) * (0.5 + Math.random() / 2);
  return Math.max(backoffMs, retryAfterMs);
}

/** Who asks for more is not waited for: the next message about the alert comes by itself. */
const MAX_RETRY_AFTER_MS = 300_000;
