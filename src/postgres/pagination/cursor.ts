import { createHash } from 'node:crypto';
import type { OrderColumn } from './options.js';
import { PageError } from './page-error.js';

type Order = readonly Required<OrderColumn>[];

const MAX_CHARACTERS = 4096;

/**
 * Where a page ended: the row's place in the order, as the server writes it. A Date of JavaScript would lose the
 * microseconds, and with them rows. Opaque, so that nobody builds on what is in it; not secret.
 */
export function cursorOf(order: Order, keys: readonly string[]): string {
  return Buffer.from(JSON.stringify([markOf(order), ...keys])).toString('base64url');
}

/** The place in the order. Its values go to the server as parameters, whatever a client has made of them. */
export function keysOf(order: Order, cursor: unknown): string[] {
  const parts = read(cursor);
  if (parts?.length !== order.length + 1 || parts[0] !== markOf(order)) throw notACursor();
  return parts.slice(1);
}

export function notACursor(cause?: unknown): PageError {
  const message = 'cursor must be the nextCursor of a page of this list';
  return new PageError('ERR_PAGE_CURSOR', message, cause === undefined ? undefined : { cause });
}

function read(cursor: unknown): string[] | undefined {
  if (typeof cursor !== 'string' || cursor.length > MAX_CHARACTERS || !/^[\w-]+$/.test(cursor)) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts : undefined;
  } catch {
    // Not JSON, so not one of ours.
    return undefined;
  }
}

/** Tells the cursor of one order from that of another, which would start anywhere. */
function markOf(order: Order): string {
  const text = JSON.stringify(order.map(({ column, direction }) => [column, direction]));
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}
