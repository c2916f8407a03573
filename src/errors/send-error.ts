import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { markAnswered } from '../core/completion.js';
import { contextOf } from '../core/context.js';
import type { Answer } from './answers/index.js';
import { errorBody } from './body.js';
import type { ErrorType } from './options.js';

// Said about the answer that was begun and is not given: with the error they would be wrong.
const STALE_HEADERS = [
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Range',
  'ETag',
  'Last-Modified',
  'Trailer',
  'Transfer-Encoding',
];

export function sendError(req: IncomingMessage, res: ServerResponse, answer: Answer, type: ErrorType): void {
  const { headers, text } = errorBody(type, answer, contextOf(req)?.requestId);

  for (const name of STALE_HEADERS) res.removeHeader(name);
  res.statusCode = answer.statusCode;
  res.statusMessage = STATUS_CODES[answer.statusCode] ?? '';
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.setHeader('Content-Length', Buffer.byteLength(text));
  const body = req.method === 'HEAD' ? undefined : text;
  if (isStillSending(req, res)) endAfterUpload(req, res, body);
  else res.end(body);
}

/** A client that is told to go away in the middle of its upload. */
function isStillSending(req: IncomingMessage, res: ServerResponse): boolean {
  return !req.complete && res.getHeader('Connection') === 'close';
}

// What is under way when the client reads the answer; a client that goes on longer loses the connection.
const LINGER_MS = 1000;

/**
 * Ending the answer closes the connection, and closing it with unread bytes resets it, so that the client may never see the
 * answer (RFC 9112 §9.6). The whole answer goes out now, its end waits a moment for the rest of the upload.
 */
function endAfterUpload(req: IncomingMessage, res: ServerResponse, body: string | undefined): void {
  if (body === undefined) res.flushHeaders();
  else {
    res.write(body, (error) => {
      // A client that leaves now has its answer.
      if (error == null) markAnswered(res);
    });
  }
  const end = (): void => {
    clearTimeout(patience);
    res.end();
  };
  const patience = setTimeout(end, LINGER_MS).unref();
  req.once('end', end).once('close', end).resume();
}
