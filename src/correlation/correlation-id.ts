import { attachContext, contextOf } from '../core/context.js';
import type { Middleware } from '../core/middleware.js';
import { openContext } from './context.js';
import { requestContexts } from './request-context.js';
import { resolveCorrelationOptions, type CorrelationOptions } from './options.js';
import { ownTrace } from './trace-context.js';

/**
 * Gives every request its ids and opens its context. Stands first, so that every later line, metric and call has them; a
 * `MiddlewareOrderWarning` of the process says, once, when something before it has given the request an id already.
 *
 * `X-Request-ID` and `X-Correlation-ID` are taken from the client when they are acceptable
 * (`^[A-Za-z0-9_][A-Za-z0-9_.:@/+=-]{0,127}$`, one value) and made otherwise; both return on every response.
 *
 * A valid W3C `traceparent` (https://www.w3.org/TR/trace-context-2/) is continued with a span of this request's own:
 * lines have its `trace_id` and `span_id`, outgoing calls pass it on with a new parent id, its sampled and random flags and
 * a valid `tracestate` of at most 512 characters and 32 members. Without one, or with an invalid one, a trace starts with
 * the request's first outgoing call, not sampled; `startTraces` starts it at once.
 *
 * @example
 * app.use(correlationId());
 */
export function correlationId(options?: CorrelationOptions): Middleware {
  const settings = resolveCorrelationOptions(options);
  const newContext = requestContexts(settings);
  let hasWarned = false;

  return function correlationIdMiddleware(req, res, next) {
    if (contextOf(req) !== undefined) {
      // Mounted twice: one request has one context.
      next();
      return;
    }
    const request: { id?: unknown } = req;
    if (request.id !== undefined && !hasWarned) {
      hasWarned = true;
      warnOfOrder();
    }
    const context = newContext(req.headers);
    if (settings.startTraces) ownTrace(context);
    attachContext(req, context);
    request.id = context.requestId;
    res.setHeader(settings.requestIdHeader, context.requestId);
    res.setHeader(settings.correlationIdHeader, context.correlationId);
    openContext(context, next);
  };
}

function warnOfOrder(): void {
  process.emitWarning(
    'correlationId() stands behind something that has given the request an id already, such as httpLogger(): ' +
      'its lines do not have the ids that the client gets. Mount correlationId() first.',
    'MiddlewareOrderWarning',
  );
}
