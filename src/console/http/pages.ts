import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Next } from '../../core/middleware.js';
import { refusal } from '../../core/refusal.js';
import type { LineFilter } from '../lines/line-filter.js';
import type { Logs } from '../lines/logs.js';
import { createTail } from '../lines/tail.js';
import type { ConsoleSnapshot, ConsoleTick, Sample, Sections } from '../wire/index.js';
import { openEventStream, type EventStream } from './event-stream.js';

interface PagesParts {
  readonly maxPages: number;
  readonly draining: AbortSignal | undefined;
  readonly logs: Logs;
  readonly snapshot: (req: IncomingMessage) => Promise<ConsoleSnapshot>;
  readonly sections: () => Promise<Sections>;
}

/** The pages that are open. */
export interface Pages {
  /** Everything, then what changes. */
  readonly openEvents: (req: IncomingMessage, res: ServerResponse, next: Next) => void;
  openLog(filter: LineFilter, res: ServerResponse, next: Next): void;
  tell(sample: Sample): Promise<void>;
  /** Connections that pages hold open. */
  count(): number;
  close(): void;
}

const LOG_EVERY_MS = 250;
const BREATHE_EVERY = 60;

export function createPages({ maxPages, draining, logs, snapshot, sections }: PagesParts): Pages {
  const events = new Map<EventStream, { readonly req: IncomingMessage; isBehind: boolean }>();
  const tails = new Map<EventStream, () => void>();
  const sent = new Map<string, string>();
  let isClosed = false;

  function refused(among: ReadonlyMap<EventStream, unknown>): Error | undefined {
    if (isClosed || draining?.aborted === true) return unavailable();
    return among.size < maxPages ? undefined : tooMany(maxPages);
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    draining?.removeEventListener('abort', close);
    for (const stream of [...events.keys(), ...tails.keys()]) {
      stream.send('bye', '{}');
      stream.end();
    }
  }
  draining?.addEventListener('abort', close, { once: true });

  /** Whole, as its reader has missed something, or has seen nothing yet. */
  async function sendWhole(stream: EventStream): Promise<void> {
    const page = events.get(stream);
    if (page !== undefined) page.isBehind = !stream.send('snapshot', JSON.stringify(await snapshot(page.req)));
  }

  function changed(all: Sections): Partial<Sections> {
    const entries = Object.entries(all).filter(([name, value]) => {
      const text = JSON.stringify(value);
      if (sent.get(name) === text) return false;
      sent.set(name, text);
      return true;
    });
    return Object.fromEntries(entries);
  }

  return {
    openEvents(req, res, next) {
      const problem = refused(events);
      if (problem !== undefined) {
        next(problem);
        return;
      }
      const stream = openEventStream(res, () => events.delete(stream));
      // What comes before the snapshot is in it.
      events.set(stream, { req, isBehind: true });
      sendWhole(stream).catch(() => res.destroy());
    },
    openLog(filter, res, next) {
      const problem = refused(tails);
      if (problem !== undefined) {
        next(problem);
        return;
      }
      const tail = createTail(logs, filter);
      let turns = 0;
      const stream = openEventStream(res, () => tails.get(stream)?.());
      const flush = (): void => {
        const batch = stream.isFull() ? undefined : tail.take();
        if (batch !== undefined) stream.send('lines', JSON.stringify(batch));
        else if (++turns % BREATHE_EVERY === 0) stream.breathe();
      };
      const timer = setInterval(flush, LOG_EVERY_MS).unref();
      tails.set(stream, () => {
        clearInterval(timer);
        tail.close();
        tails.delete(stream);
      });
      flush();
    },
    async tell(sample) {
      if (events.size === 0) return;
      const tick: ConsoleTick = { sample, sections: changed(await sections()) };
      const data = JSON.stringify(tick);
      for (const [stream, page] of events) {
        // What is made for a reader who takes nothing would only be thrown away.
        if (stream.isFull()) {
          page.isBehind = true;
          stream.breathe();
        } else if (page.isBehind) await sendWhole(stream);
        else page.isBehind = !stream.send('tick', data);
      }
    },
    count: () => events.size + tails.size,
    close,
  };
}

function tooMany(maxPages: number): Error {
  const message = `${maxPages} pages are open already`;
  return refusal({
    name: 'TooManyRequestsError',
    statusCode: 429,
    code: 'ERR_TOO_MANY_REQUESTS',
    message,
    headers: { 'Retry-After': '10' },
  });
}

function unavailable(): Error {
  return refusal({
    name: 'ServiceUnavailableError',
    statusCode: 503,
    code: 'ERR_SERVICE_UNAVAILABLE',
    message: 'The process is being stopped',
    headers: { 'Retry-After': '5' },
  });
}
