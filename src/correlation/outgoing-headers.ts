import { acceptedId } from './accepted-id.js';
import { currentContext } from './context.js';
import { CORRELATION_DEFAULTS } from './options.js';
import { ownTrace, traceparent } from './trace-context.js';

/**
 * The ids of the current context as headers for one call to another service: the correlation id goes on, the request id
 * names the asking request, and `traceparent`, with a parent id of its own for each call, and `tracestate` continue the
 * trace; without one it starts here, and later lines have it. An id that no service would accept is left out. Empty outside
 * of a context.
 *
 * @example
 * await fetch(url, { headers: { ...outgoingHeaders(), accept: 'application/json' } });
 */
export function outgoingHeaders(): Record<string, string> {
  const context = currentContext();
  const headers: Record<string, string> = {};
  if (context === undefined) return headers;
  // What a job or script made its context of was not checked before.
  const requestId = acceptedId(context.requestId);
  const correlationId = acceptedId(context.correlationId);
  if (requestId !== undefined) headers[CORRELATION_DEFAULTS.requestIdHeader] = requestId;
  if (correlationId !== undefined) headers[CORRELATION_DEFAULTS.correlationIdHeader] = correlationId;
  const trace = ownTrace(context);
  headers.traceparent = traceparent(trace);
  if (trace.traceState !== undefined) headers.tracestate = trace.traceState;
  return headers;
}
