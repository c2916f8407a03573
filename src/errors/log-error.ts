import type { IncomingMessage, ServerResponse } from 'node:http';
import { contextFields, contextOf } from '../core/context.js';
import type { Logger, LogFields } from '../core/logger.js';
import type { ExpressRequest } from '../core/middleware.js';
import { pathOf } from '../core/route.js';
import type { Answer } from './answers/index.js';
import { errorText, stackText } from './error-text.js';
import { readText } from './read.js';

// Clients choose the path: a line stays a line.
const MAX_PATH = 512;

export function logError(
  logger: Logger,
  error: unknown,
  answer: Answer,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  const isOurs = answer.statusCode >= 500 || !answer.isOperational || res.headersSent;
  const fields: LogFields = {
    // What the client did wrong is told in the words that the client got: body-parser's own quote the body, secrets included.
    error: isOurs ? errorText(error) : answer.message,
    ...(isOurs ? { stack: stackText(error) } : {}),
    path: pathOf((req as ExpressRequest).originalUrl ?? req.url ?? '').slice(0, MAX_PATH),
    method: req.method,
    statusCode: answer.statusCode,
    ...optional('code', readText(error, 'code')),
    ...(res.headersSent ? { headersSent: true } : {}),
    ...contextFields(contextOf(req)),
  };
  try {
    if (isOurs) logger.error(fields, 'Error occurred');
    else logger[levelOf(error, answer.statusCode)](fields, 'Request refused');
  } catch (failure) {
    // A logger that throws must not cost the client the answer; the warning says that a line is missing.
    process.emitWarning(failure instanceof Error ? failure : String(failure));
  }
}

function levelOf(error: unknown, statusCode: number): 'debug' | 'info' | 'warn' {
  if (statusCode === 403) return 'warn';
  // body-parser's word for a client that left in the middle of its upload: nobody gets the answer.
  if (readText(error, 'type') === 'request.aborted') return 'debug';
  return statusCode === 429 ? 'debug' : 'info';
}

function optional(name: string, value: string | undefined): LogFields {
  return value === undefined ? {} : { [name]: value };
}
