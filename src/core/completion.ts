import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExpressRequest } from './middleware.js';
import { routeOf } from './route.js';

/** `finished`: all of the answer was handed to the system; `aborted`: the client left before; `errored`: the answer broke off on our side. */
export type Outcome = 'finished' | 'aborted' | 'errored';

/** How one request ended. Taken once; log line, metrics and slow-request warning all come from it. */
export interface Completion {
  readonly method: string;
  /** As the client asked, query string included. */
  readonly url: string;
  /** Template of the route with its mount path; `undefined` when none matched. */
  readonly route: string | undefined;
  readonly statusCode: number;
  /** Milliseconds by a monotonic clock. */
  readonly durationMs: number;
  readonly outcome: Outcome;
}

export type CompletionListener = (completion: Completion, req: IncomingMessage, res: ServerResponse) => void;

const COMPLETION = Symbol.for('express-runbook.completion.v0');

interface WithLatch extends ServerResponse {
  [COMPLETION]?: Latch;
}

/**
 * Calls `listener` once when the response is over, however it ended. The first caller for a response starts its clock.
 * Listeners run in the order they were added; one that throws does not keep the next from its turn.
 */
export function onCompletion(req: IncomingMessage, res: ServerResponse, listener: CompletionListener): void {
  const owner = res as WithLatch;
  const latch = (owner[COMPLETION] ??= new Latch(req, owner));
  latch.add(listener);
}

/** One object and one listener per response: `close` comes exactly once, after `finish` or instead of it. */
class Latch {
  private readonly listeners: CompletionListener[] = [];
  private readonly startedAt = performance.now();

  constructor(
    private readonly req: ExpressRequest,
    private readonly res: ServerResponse,
  ) {
    res.once('close', () => {
      this.complete(this.listeners);
    });
  }

  add(listener: CompletionListener): void {
    if (!this.res.closed) {
      this.listeners.push(listener);
      return;
    }
    // The client left while asynchronous middleware before this one was working: `close` does not come again.
    process.nextTick(() => {
      this.complete([listener]);
    });
  }

  private complete(listeners: readonly CompletionListener[]): void {
    const { req, res } = this;
    const completion: Completion = {
      method: req.method ?? 'GET',
      url: req.originalUrl ?? req.url ?? '',
      route: routeOf(req),
      statusCode: res.statusCode,
      durationMs: performance.now() - this.startedAt,
      outcome: outcomeOf(res),
    };
    for (const listener of listeners) {
      try {
        listener(completion, req, res);
      } catch (error) {
        // Thrown from an event it would end the process; observing a request must never cost more than the observation.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}

function outcomeOf(res: ServerResponse): Outcome {
  if (res.writableFinished) return 'finished';
  return res.errored == null ? 'aborted' : 'errored';
}
