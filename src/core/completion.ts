import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
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

/** One object and one listener per response: its `close` comes once, after `finish` or instead of it. */
class Latch {
  private listeners: CompletionListener[] = [];
  private isComplete = false;
  private readonly startedAt = performance.now();
  private readonly connection: Set<Latch>;

  constructor(
    private readonly req: ExpressRequest,
    private readonly res: ServerResponse,
  ) {
    res.on('close', completed);
    this.connection = openOn(req.socket);
    this.connection.add(this);
  }

  add(listener: CompletionListener): void {
    if (!this.isComplete && !this.res.closed) {
      this.listeners.push(listener);
      return;
    }
    // The client left while asynchronous middleware before this one was working: `close` does not come again.
    process.nextTick(() => {
      this.tell([listener]);
    });
  }

  complete(): void {
    if (this.isComplete) return;
    this.isComplete = true;
    this.connection.delete(this);
    const { listeners } = this;
    this.listeners = [];
    this.tell(listeners);
  }

  private tell(listeners: readonly CompletionListener[]): void {
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

/** Shared by all responses: a closure for each of them, and `once`, would cost more than the rest of the latch. */
function completed(this: WithLatch): void {
  this[COMPLETION]?.complete();
}

const OPEN = Symbol.for('express-runbook.open-completions.v0');

interface WithOpen extends Socket {
  [OPEN]?: Set<Latch>;
}

/**
 * The latches of a connection that are still open. A pipelined request waits for the one before it, and its response gets no
 * `close` when the connection ends meanwhile (Node 20): the connection's own end completes it.
 */
function openOn(socket: WithOpen | undefined): Set<Latch> {
  const known = socket?.[OPEN];
  if (known !== undefined) return known;
  const open = new Set<Latch>();
  // A request that a unit test made up may come without a connection.
  if (socket === undefined) return open;
  socket[OPEN] = open;
  socket.once('close', () => {
    // After the response that had the connection was told by Node itself.
    process.nextTick(() => {
      for (const latch of open) latch.complete();
    });
  });
  return open;
}

const ANSWERED = Symbol.for('express-runbook.answered.v0');

interface WithAnswered extends ServerResponse {
  [ANSWERED]?: true;
}

/** Says that all of the answer was handed to the system although it is not ended: whatever becomes of the rest, it finished. */
export function markAnswered(res: ServerResponse): void {
  (res as WithAnswered)[ANSWERED] = true;
}

/** `response.socket` is nulled once an answer is over (https://nodejs.org/api/http.html#responsesocket); one that was ended on a dead connection keeps it. */
function outcomeOf(res: WithAnswered): Outcome {
  if (res[ANSWERED] !== undefined) return 'finished';
  if (res.writableFinished && res.socket === null) return 'finished';
  return res.errored == null ? 'aborted' : 'errored';
}
