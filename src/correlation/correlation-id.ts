import type { IncomingMessage } from 'node:http';
import { attachContext, contextOf, type ContextFields } from '../core/context.js';
import type { Middleware } from '../core/middleware.js';
import { acceptedId } from './accepted-id.js';
import { openContext } from './context.js';
import { resolveCorrelationOptions, type CorrelationOptions, type CorrelationSettings } from './options.js';

/**
 * Gives every request its ids and opens its context. Stands first, so that every later line, metric and call has them.
 *
 * `X-Request-ID` and `X-Correlation-ID` are taken from the client when they are acceptable
 * (`^[A-Za-z0-9_][A-Za-z0-9_.:@/+=-]{0,127}$`, one value) and made otherwise; both return on every response.
 *
 * @example
 * app.use(correlationId());
 */
export function correlationId(options?: CorrelationOptions): Middleware {
  const settings = resolveCorrelationOptions(options);
  const requestIdKey = settings.requestIdHeader.toLowerCase();
  const correlationIdKey = settings.correlationIdHeader.toLowerCase();

  return function correlationIdMiddleware(req, res, next) {
    if (contextOf(req) !== undefined) {
      // Mounted twice: one request has one context.
      next();
      return;
    }
    const context = newContext(req, requestIdKey, correlationIdKey, settings);
    attachContext(req, context);
    (req as IncomingMessage & { id?: unknown }).id = context.requestId;
    res.setHeader(settings.requestIdHeader, context.requestId);
    res.setHeader(settings.correlationIdHeader, context.correlationId);
    openContext(context, next);
  };
}

interface RequestContext extends ContextFields {
  requestId: string;
  correlationId: string;
}

/** All fields are there from the start, so that adding the user later does not change the object's shape. */
function newContext(
  req: IncomingMessage,
  requestIdKey: string,
  correlationIdKey: string,
  settings: CorrelationSettings,
): RequestContext {
  return {
    requestId: acceptedId(req.headers[requestIdKey]) ?? settings.generateId(),
    correlationId: acceptedId(req.headers[correlationIdKey]) ?? settings.generateId(),
    userId: undefined,
    clientId: undefined,
  };
}
