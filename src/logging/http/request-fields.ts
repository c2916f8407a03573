import type { Completion } from '../../core/completion.js';
import type { ContextFields } from '../../core/context.js';
import type { LogFields } from '../../core/logger.js';

// As nginx has it: the client closed the connection before its answer was complete.
const CLIENT_CLOSED_REQUEST = 499;
const SERVER_ERROR = 500;

/** What the line of a request and the warning of a slow one tell. The ids are the request's own, not the current context's. */
export function requestFields(completion: Completion, context: Readonly<ContextFields>): LogFields {
  const { method, url, route, outcome, durationMs } = completion;
  const fields: LogFields = {
    requestId: context.requestId,
    correlationId: context.correlationId,
    method,
    // Whole: it is cut where its secrets are taken out, after that.
    url,
    statusCode: statusOf(completion),
    duration: Math.round(durationMs),
    userId: context.userId,
    clientId: context.clientId,
    trace_id: context.trace?.traceId,
    span_id: context.trace?.spanId,
    route,
  };
  if (outcome === 'aborted') fields.aborted = true;
  if (outcome !== 'finished') fields.outcome = outcome;
  return fields;
}

/** An answer that did not arrive is none of the successes, whatever its headers said. */
function statusOf({ outcome, statusCode }: Completion): number {
  if (outcome === 'aborted') return CLIENT_CLOSED_REQUEST;
  return outcome === 'errored' ? Math.max(statusCode, SERVER_ERROR) : statusCode;
}
