import type { ErrorView, LogLineView, SlowQueryView } from '../wire/index.js';
import type { Failure } from './failures.js';
import { numberOf, textOf } from './line-view.js';

const MAX_ROWS = 50;
const SLOW_QUERY = 'Slow database query detected';
const ERROR_LEVELS = new Set(['error', 'fatal']);

/** What failed, newest first: each failed request with the line that says why, and lines that belong to no failed request. */
export function errorViews(lines: readonly LogLineView[], failures: readonly Failure[]): ErrorView[] {
  const errors = lines.filter(({ level }) => ERROR_LEVELS.has(level));
  const byRequest = new Map(errors.flatMap((line) => (line.requestId === undefined ? [] : [[line.requestId, line]])));
  const failed = failures.map((failure): ErrorView => {
    const line = failure.requestId === undefined ? undefined : byRequest.get(failure.requestId);
    const { at, requestId, correlationId, ...request } = failure;
    const message = line?.message ?? `Answered with ${failure.statusCode}`;
    return { at, message, ...(line === undefined ? {} : causeOf(line)), requestId, correlationId, request };
  });
  const told = new Set(failures.map(({ requestId }) => requestId));
  const others = errors
    .filter(({ requestId }) => requestId === undefined || !told.has(requestId))
    .map((line): ErrorView => {
      const { at, message, requestId, correlationId } = line;
      return { at, message, ...causeOf(line), requestId, correlationId };
    });
  return [...failed, ...others].sort((one, other) => other.at - one.at).slice(0, MAX_ROWS);
}

/** `errorHandler()` names error and stack; who logs an error itself has both in `err`. */
function causeOf({ fields }: LogLineView): Pick<ErrorView, 'error' | 'stack'> {
  const err = (typeof fields.err === 'object' && fields.err !== null ? fields.err : {}) as Record<string, unknown>;
  return {
    error: textOf(fields.error) ?? textOf(err.message),
    stack: textOf(fields.stack) ?? textOf(err.stack),
  };
}

/** Slow queries by their text, the slowest first. */
export function slowQueryViews(lines: readonly LogLineView[]): SlowQueryView[] {
  const found = new Map<string, SlowQueryView>();
  for (const { message, fields, at, requestId } of lines) {
    const query = textOf(fields.query);
    if (message !== SLOW_QUERY || query === undefined) continue;
    const before = found.get(query);
    const durationMs = numberOf(fields.duration) ?? 0;
    found.set(query, {
      query,
      count: (before?.count ?? 0) + 1,
      slowestMs: Math.max(before?.slowestMs ?? 0, durationMs),
      latestAt: at,
      requestId,
    });
  }
  return [...found.values()].sort((one, other) => other.slowestMs - one.slowestMs).slice(0, MAX_ROWS);
}
