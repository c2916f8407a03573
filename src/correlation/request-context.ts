import type { IncomingHttpHeaders } from 'node:http';
import type { ContextFields } from '../core/context.js';
import { acceptedId } from './accepted-id.js';
import type { CorrelationSettings } from './options.js';
import { rejectedIds, type RejectedKind } from './rejected-ids.js';
import { continuedTrace } from './trace-context.js';

interface RequestContext extends ContextFields {
  requestId: string;
  correlationId: string;
}

/** Makes the context of a request from what its client sent, and counts what was not acceptable. */
export function requestContexts(settings: CorrelationSettings): (headers: IncomingHttpHeaders) => RequestContext {
  const { generateId } = settings;
  const requestIdKey = settings.requestIdHeader.toLowerCase();
  const correlationIdKey = settings.correlationIdHeader.toLowerCase();
  const reject = rejectedIds(settings.registry);

  function idOf(header: string | string[] | undefined, kind: RejectedKind): string {
    if (header === undefined) return generateId();
    const id = acceptedId(header);
    if (id !== undefined) return id;
    reject(kind);
    return generateId();
  }

  function traceOf({ traceparent, tracestate }: IncomingHttpHeaders): ContextFields['trace'] {
    // The W3C's rule: without a valid traceparent the tracestate is not even looked at.
    if (traceparent === undefined) return undefined;
    const trace = continuedTrace(traceparent, tracestate);
    if (trace === undefined) reject('traceparent');
    else if (trace.traceState === undefined && tracestate !== undefined && tracestate !== '') reject('tracestate');
    return trace;
  }

  // All fields are there from the start, so that adding the user later does not change the object's shape.
  return (headers) => ({
    requestId: idOf(headers[requestIdKey], 'request_id'),
    correlationId: idOf(headers[correlationIdKey], 'correlation_id'),
    userId: undefined,
    clientId: undefined,
    trace: traceOf(headers),
  });
}
