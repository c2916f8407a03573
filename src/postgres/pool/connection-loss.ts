import { PoolError } from './pool-error.js';

// What Node says of a socket or of looking up a name; a password that is read from a file fails in other calls.
const SOCKET_CALLS = new Set(['connect', 'read', 'write', 'shutdown', 'getaddrinfo']);
// Node throws these without a call where TLS, or a socket that was closed before, is in between.
const SOCKET_CODES = new Set(['ECONNRESET', 'EPIPE']);

// pg throws these without a code (pg/lib/client.js).
const MESSAGES = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
]);

/** The error for a connection that broke or could not be made; any other as it is, what the server itself says too. */
export function unlessLost<Thrown>(error: Thrown, pool: string): Thrown | PoolError {
  if (!(error instanceof Error) || error instanceof PoolError || !isLoss(error)) return error;
  const message = `${reasonOf(error)}: the pool '${pool}' has lost the database, or cannot reach it`;
  return new PoolError('ERR_POOL_CONNECTION_LOST', message, { cause: error });
}

/** In words; an AggregateError has none of its own, but one error for each address that was tried. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}

function isLoss(error: Error & { code?: string; syscall?: string }): boolean {
  if (error instanceof AggregateError) return error.errors.some((part) => part instanceof Error && isLoss(part));
  return MESSAGES.has(error.message) || SOCKET_CALLS.has(error.syscall ?? '') || SOCKET_CODES.has(error.code ?? '');
}
