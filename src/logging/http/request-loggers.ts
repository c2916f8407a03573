import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { pino } from 'pino';
import { pinoHttp } from 'pino-http';
import { contextFields, contextOf, type ContextFields } from '../../core/context.js';
import { forRequest, isBindable } from '../loggers/bound-logger.js';

type AssignLoggers = (req: IncomingMessage, res: ServerResponse) => void;

/** pino-http's contract, `req.id`, `req.log` and `res.log`, without the line that it would write at the end. */
export function requestLoggers(logger: pino.Logger): AssignLoggers {
  return pinoHttp({
    logger: childless(logger),
    autoLogging: false,
    wrapSerializers: false,
    genReqId: (req: IncomingMessage): string => contextOf(req)?.requestId ?? randomUUID(),
  });
}

/** The context that correlationId() opened, or what is known without it. */
export function contextFor(req: IncomingMessage): Readonly<ContextFields> {
  // pino-http took our id, or one that was there before.
  return contextOf(req) ?? { requestId: typeof req.id === 'object' ? undefined : String(req.id) };
}

/**
 * pino-http makes a child for every request with the whole request serialised into it. Most requests log nothing of
 * their own: theirs is made of the same logger and the request's context, which is read when a line is written.
 */
function childless(logger: pino.Logger): pino.Logger {
  const child = (bindings: { req?: IncomingMessage }): object => {
    if (bindings.req === undefined) return loggers;
    const context = contextFor(bindings.req);
    return isBindable(logger) ? forRequest(logger, context) : logger.child(contextFields(context));
  };
  const loggers: object = Object.assign(Object.create(logger) as object, { child });
  // Everything but `child` is the logger's own, through the prototype.
  return loggers as pino.Logger;
}
