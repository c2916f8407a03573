import type { ServerResponse } from 'node:http';
import { markAnswered, onCompletion } from '../../core/completion.js';

/** One open page, which is told of events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface EventStream {
  /** Says whether it was sent: nothing is while the reader has not taken what came before. */
  send(event: string, data: string): boolean;
  /** The reader has not taken what came before. */
  isFull(): boolean;
  /** Keeps proxies from taking the silence for the end. */
  breathe(): void;
  end(): void;
}

/** A reader that takes nothing for so long has left without a word. */
const MAX_STALL_MS = 30_000;

export function openEventStream(res: ServerResponse, onClosed: () => void): EventStream {
  let stalledAt: number | undefined;
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Or nginx would keep the events until there are enough of them.
    'X-Accel-Buffering': 'no',
  });
  res.flushHeaders();
  // A page that is left is how it ends, and nothing that was broken off.
  markAnswered(res);
  // Who asks for the head alone has it.
  if (res.req.method === 'HEAD') res.end();
  res.on('drain', () => (stalledAt = undefined));
  // Not `close`, which does not come again when the client left while it was asked who that is.
  onCompletion(res.req, res, onClosed);
  // The connection broke while something was written: `close` follows.
  res.on('error', () => undefined);

  function write(text: string): boolean {
    if (res.writableEnded || res.destroyed) return false;
    if (stalledAt !== undefined) {
      if (performance.now() - stalledAt > MAX_STALL_MS) res.destroy();
      return false;
    }
    if (!res.write(text)) stalledAt = performance.now();
    return true;
  }

  return {
    isFull: () => stalledAt !== undefined,
    send: (event, data) => write(`event: ${event}\ndata: ${data}\n\n`),
    breathe() {
      // Of a reader that is gone for long, this is what ends the connection.
      write(':\n\n');
    },
    end() {
      res.end();
    },
  };
}
