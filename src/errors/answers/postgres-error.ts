import { readText } from '../read.js';
import { answer, type Answer } from './answer.js';

/** Seconds after which a database that was restarted or overloaded is worth another try. */
const RETRY_AFTER = { 'Retry-After': '5' };

const UNAVAILABLE = answer(503, 'Service unavailable', RETRY_AFTER);

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const BY_SQLSTATE: readonly (readonly [pattern: RegExp, answer: Answer])[] = [
  [/^23505$/, answer(409, 'Already exists')],
  // Text that is not of its type, and what Postgres cannot store: NUL and lone surrogates.
  [/^(22P02|22P05|22021)$/, answer(400, 'Invalid value')],
  // Connection lost; shutting down or starting up; statement time-out; disk full, out of memory, too many connections.
  [/^(08...|57P0.|57014|53[123]00)$/, UNAVAILABLE],
  // Two transactions in each other's way; a lock not to be had; a server that is a read-only replica until it takes over.
  [/^(40001|40P01|55P03|25006)$/, UNAVAILABLE],
];

// pg and pg-pool throw these without a code (pg/lib/client.js, pg-pool/index.js). What the socket says (ECONNREFUSED …) is
// not here: it may be that of any other service. A pool of `createPool` or `observePool` tells the two apart.
const LOST_CONNECTION = new Set([
  'timeout exceeded when trying to connect',
  'Connection terminated due to connection timeout',
  'Connection terminated unexpectedly',
  'Connection terminated',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end on the pool',
  'Query read timeout',
]);

/** By SQLSTATE; the message is never shown, as it holds values and names of the schema. */
export function answerOfPostgresError(error: unknown): Answer | undefined {
  const code = readText(error, 'code');
  if (LOST_CONNECTION.has(readText(error, 'message') ?? '')) return UNAVAILABLE;
  // Every error of the server has a severity; a code of five characters alone is anybody's.
  if (code === undefined || readText(error, 'severity') === undefined) return undefined;
  return BY_SQLSTATE.find(([pattern]) => pattern.test(code))?.[1];
}
