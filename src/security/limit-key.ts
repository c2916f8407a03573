import type { IncomingMessage } from 'node:http';
import { contextOf } from '../core/context.js';
import type { ExpressRequest } from '../core/middleware.js';
import { clientKey } from './rate-limit/client-key.js';

const KINDS = ['address', 'user', 'client'] as const;

/**
 * Who is limited: the address, or the user or client that the request's context names (known behind authentication; by
 * address before it), or what a function says.
 * @useDeclaredType
 */
export type LimitKey = (typeof KINDS)[number] | ((req: IncomingMessage) => string);

export function isLimitKey(value: unknown): string | undefined {
  const isKnown = typeof value === 'function' || KINDS.includes(value as (typeof KINDS)[number]);
  return isKnown ? undefined : `must be one of ${KINDS.join(', ')} or a function`;
}

export function keyOf(key: LimitKey): (req: ExpressRequest) => string {
  if (typeof key === 'function') return key;
  if (key === 'address') return clientKey;
  return (req) => namedKey(req, key) ?? clientKey(req);
}

/** Nothing while it is not known who asks. */
function namedKey(req: ExpressRequest, kind: 'user' | 'client'): string | undefined {
  const context = contextOf(req);
  const id = kind === 'user' ? context?.userId : context?.clientId;
  // Marked, so that nobody who is called like an address is limited with it.
  return id === undefined ? undefined : `${kind}:${id}`;
}
