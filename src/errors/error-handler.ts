import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorMiddleware } from '../core/middleware.js';
import { answerOf, type Answer } from './answers/index.js';
import { logError } from './log-error.js';
import { resolveErrorHandlerOptions, type ErrorHandlerOptions, type ErrorHandlerSettings } from './options.js';
import { sendError } from './send-error.js';

/**
 * Answers every error with one JSON shape, whatever the client accepts, and logs it once. Stands last.
 *
 * `{ "success": false, "error": { "code": <HTTP status>, "message": "…" }, "requestId": "…" }`; `requestId` is there when
 * `correlationId()` stands before; `type: 'problem'` gives problem details (RFC 9457). The text of a 5xx is always generic. A
 * status is taken only from errors that are meant for the client: `AppError`, http-errors with `expose`, those of body-parser,
 * zod, Postgres and token libraries, and from calls to another service that failed (502) or took too long (504); anything
 * else is a 500.
 * An error that comes after the headers cuts the connection, so that the client does not take half an answer for a whole.
 *
 * Log: `Error occurred` at level error, with stack, for a 5xx, a mistake in the program and an error after the headers;
 * `Request refused` for what the client did: a 403 at warn, a 429 at debug (the limiter has its own line, and a flood
 * must not become a flood of lines), a client that left in the middle of its upload at debug, every other 4xx at info.
 *
 * @example
 * app.use(notFound());
 * app.use(errorHandler({ logger }));
 */
export function errorHandler(options: ErrorHandlerOptions): ErrorMiddleware {
  const settings = resolveErrorHandlerOptions(options);
  const { logger } = settings;

  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- Express knows an error handler by its four parameters
  return function errorHandlerMiddleware(error, req, res, _next) {
    const answer = answerOf(error);
    logError(logger, error, answer, req, res);
    if (res.headersSent) {
      cutOff(res);
    } else {
      send(settings, req, res, answer);
    }
  };
}

function send({ logger, type }: ErrorHandlerSettings, req: IncomingMessage, res: ServerResponse, answer: Answer): void {
  try {
    sendError(req, res, answer, type);
  } catch (failure) {
    // Something between us and the socket threw (a patched `writeHead`, say): no answer can be given any more.
    logError(logger, failure, answerOf(failure), req, res);
    cutOff(res);
  }
}

function cutOff(res: ServerResponse): void {
  // An answer that was given whole may still be on its way out; the error came after it.
  if (res.writableEnded) return;
  // With an error, so that the request counts as broken off by us and not as left by the client.
  res.destroy(new Error('answer cut off: an error occurred after its headers were sent'));
}
