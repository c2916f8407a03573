import { randomUUID } from 'node:crypto';

type Line = Readonly<Record<string, unknown>>;

const MINUTE_MS = 60_000;
export const REQUEST_ID = '550e8400-e29b-41d4-a716-446655440000';
const CORRELATION_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/** One line of the schema `flat`, so many minutes old. */
export function flatLine(minutesAgo: number, line: Line = {}): Line {
  const { level = 'info', ...rest } = line;
  return {
    level,
    timestamp: new Date(Date.now() - minutesAgo * MINUTE_MS).toISOString(),
    service: 'builder-api',
    requestId: randomUUID(),
    correlationId: randomUUID(),
    ...rest,
    severity: String(level).toUpperCase(),
  };
}

export function requestLine(
  minutesAgo: number,
  url: string,
  statusCode: number,
  duration: number,
  more: Line = {},
): Line {
  const level = statusCode >= 500 ? 'error' : 'info';
  return flatLine(minutesAgo, { level, method: 'GET', url, statusCode, duration, msg: 'Request completed', ...more });
}

/** A day and more of a service; some of every kind of line that the runbooks ask for. */
export function dayOfLines(): Line[] {
  const ids = { requestId: REQUEST_ID, correlationId: CORRELATION_ID };
  const steady = Array.from({ length: 120 }, (_, index) =>
    requestLine(1500 - index * 12, `/api/users/${index % 7}?page=${index % 3}`, 200, (index * 37) % 900),
  );
  return [
    ...steady,
    flatLine(200, { level: 'fatal', msg: 'Out of file descriptors' }),
    requestLine(190, '/api/users', 401, 1000, { userId: 'user-123' }),
    flatLine(190, { level: 'warn', msg: 'login failed for user-123' }),
    requestLine(180, '/api/projects?q=1%20UNION%20SELECT', 403, 12),
    flatLine(180, { level: 'warn', msg: 'suspicious input', url: '/api/projects?q=…' }),
    flatLine(90, { level: 'error', msg: 'Error occurred', error: 'no such file: ä', userId: '123' }),
    flatLine(80, { level: 'error', msg: 'Error occurred', error: 'no "such" file', userId: '124' }),
    requestLine(70, '/api/users/9', 429, 403),
    flatLine(50, {
      ...ids,
      level: 'warn',
      msg: 'Slow database query detected',
      query: 'SELECT pg_sleep($1)',
      duration: 1400,
    }),
    requestLine(50, '/api/users/7', 503, 1450, ids),
    flatLine(49, { level: 'warn', msg: 'Slow database query detected', query: 'SELECT 1', duration: 1001 }),
    requestLine(48, '/reports', 200, 1450, { correlationId: CORRELATION_ID }),
    flatLine(40, { level: 'warn', msg: 'Slow HTTP request detected', url: '/reports', method: 'GET', duration: 1450 }),
    flatLine(30, { level: 'warn', msg: 'Memory usage above threshold' }),
    flatLine(30, { level: 'warn', msg: 'CPU usage above threshold' }),
    flatLine(20, { msg: 'Performance of the nightly run' }),
    flatLine(10, { level: 'error', msg: 'Failed to process event', eventId: 7, userId: '123' }),
    flatLine(1, { msg: '' }),
  ];
}

export function written(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
