import { visible } from '../visible.js';
import { errorTextOf, type LogLine } from './log-line.js';

/** A line for people: when, how bad, what, of whom. */
export function lineText(line: LogLine, when = line.timestamp): string {
  const { level, message, endpoint, url, statusCode, duration, requestId, userId, query } = line;
  const request = url === undefined ? endpoint : `${methodOf(endpoint)}${url}`;
  const parts = [
    when,
    level.toUpperCase().padEnd(5),
    message,
    request,
    statusCode,
    duration === undefined ? undefined : `${duration} ms`,
    query,
    named('error', errorTextOf(line)),
    named('userId', userId),
    named('requestId', requestId),
  ];
  return visible(parts.filter((part) => part !== undefined && part !== '').join('  '));
}

function methodOf(endpoint: string | undefined): string {
  const [method, path] = endpoint?.split(' ', 2) ?? [];
  return path === undefined ? '' : `${String(method)} `;
}

function named(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${name}=${value}`;
}
