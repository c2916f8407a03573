import type { Completion } from '../../core/completion.js';

// RFC 9110 section 9.3, PATCH of RFC 5789, and QUERY; a client may send any word it likes.
const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'QUERY',
]);

const MAX_LENGTH = 128;

export function methodLabel({ method }: Completion): string {
  return METHODS.has(method) ? method : 'OTHER';
}

export function endpointLabel({ route }: Completion): string {
  if (route === undefined) return 'unmatched';
  return route.length > MAX_LENGTH ? route.slice(0, MAX_LENGTH) : route;
}

/** An aborted request has no status that anybody received: 499 is what nginx logs for it. */
export function statusLabel({ outcome, statusCode }: Completion): string {
  return outcome === 'aborted' ? '499' : String(statusCode);
}
