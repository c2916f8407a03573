import type { IncomingMessage, ServerResponse } from 'node:http';
import { onCompletion } from '../../core/completion.js';
import { routeOf } from '../../core/route.js';

/** A request that was cut, as the log may name it: the route's template, never the URL, which may hold secrets. */
export interface OpenRequest {
  readonly method: string;
  readonly route: string;
  readonly ageMs: number;
}

/** The answers that are under way. */
export interface OpenAnswers {
  count(): number;
  /** Follows an answer to its end; the same one twice is followed once. */
  follow(req: IncomingMessage, res: ServerResponse): void;
  /** From now on every answer, those under way included, tells its client to open a new connection for the next request. */
  closeConnections(): void;
  list(): OpenRequest[];
  /** Breaks off every answer. */
  cut(): void;
}

export function createOpenAnswers(): OpenAnswers {
  const startedAt = new Map<ServerResponse, number>();
  let isClosing = false;

  const forget = (_completion: unknown, _req: unknown, res: ServerResponse): void => {
    startedAt.delete(res);
  };

  /** Only on the last answer of a connection: what is pipelined behind a `Connection: close` is never answered. */
  const sayCloseLast = (res: ServerResponse): void => {
    for (const other of startedAt.keys()) {
      if (other !== res && other.req.socket === res.req.socket && !other.headersSent) other.removeHeader('Connection');
    }
    sayClose(res);
  };

  return {
    count: () => startedAt.size,
    follow(req, res) {
      const isNew = !startedAt.has(res);
      if (isNew) startedAt.set(res, performance.now());
      if (isClosing) sayCloseLast(res);
      if (!isNew) return;
      onCompletion(req, res, forget);
    },
    closeConnections() {
      isClosing = true;
      for (const res of startedAt.keys()) sayCloseLast(res);
    },
    list: () => [...startedAt].map(([res, since]) => openRequest(res, since)),
    cut() {
      // With an error: it is us who break off, not the client who left.
      for (const res of startedAt.keys()) res.destroy(new Error('cut by shutdown'));
    },
  };
}

/** Without it Node goes on answering on a connection that was busy when the server closed, for as long as its client likes. */
function sayClose(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('Connection', 'close');
}

function openRequest(res: ServerResponse, since: number): OpenRequest {
  return {
    method: res.req.method ?? 'GET',
    route: routeOf(res.req) ?? 'unmatched',
    ageMs: Math.round(performance.now() - since),
  };
}
