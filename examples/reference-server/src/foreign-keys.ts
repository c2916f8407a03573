/** What PostgreSQL says of a row that does not exist (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const FOREIGN_KEY_VIOLATION = '23503';

export function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === FOREIGN_KEY_VIOLATION;
}
