import { getContext } from './context.js';
import { CORRELATION_DEFAULTS } from './options.js';

/**
 * The ids of the current context as headers for a call to another service: the correlation id goes on, the request id
 * names the asking request. Empty outside of a context.
 *
 * @example
 * await fetch(url, { headers: outgoingHeaders() });
 */
export function outgoingHeaders(): Record<string, string> {
  const context = getContext();
  const headers: Record<string, string> = {};
  if (context?.requestId !== undefined) headers[CORRELATION_DEFAULTS.requestIdHeader] = context.requestId;
  if (context?.correlationId !== undefined) headers[CORRELATION_DEFAULTS.correlationIdHeader] = context.correlationId;
  return headers;
}
