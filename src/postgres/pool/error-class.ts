/** The words of pg (lib/client.js). */
export const READ_TIMEOUT = 'Query read timeout';

// The classes of https://www.postgresql.org/docs/current/errcodes-appendix.html. A function may raise any code of its own,
// so the label is one of this list.
const CLASSES = new Set(
  '01 02 03 08 09 0A 0B 0F 0L 0P 0Z 20 21 22 23 24 25 26 27 28 2B 2D 2F 34 38 39 3B 3D 3F 40 42 44 53 54 55 57 58 72 F0 HV P0 XX'.split(
    ' ',
  ),
);

/** Those that an alert asks for; they are there before the first error. */
export const EXPECTED_CLASSES = ['23', '40', '53', '55', '57', 'connection', 'timeout'] as const;

/**
 * What kind of error it was, as a metric label: the class of its SQLSTATE, `connection` for one that broke or could not be
 * made, `timeout` for a query that was given up on here, or `other`.
 */
export function errorClassOf(error: unknown): string {
  const { code, severity, message, name } = error as Partial<Record<'code' | 'severity' | 'message' | 'name', unknown>>;
  if (typeof code === 'string' && typeof severity === 'string') {
    const sqlClass = code.slice(0, 2);
    return CLASSES.has(sqlClass) ? sqlClass : 'other';
  }
  if (message === READ_TIMEOUT) return 'timeout';
  return name === 'PoolError' ? 'connection' : 'other';
}
