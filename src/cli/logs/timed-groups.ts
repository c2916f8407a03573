import { durations, type Durations } from './durations.js';
import { grouping, type Grouping } from './grouping.js';
import type { LogLine } from './log-line.js';

/** Lines with the same key, and how long they took. */
export interface TimedGroup {
  readonly key: string;
  count: number;
  /** Answered with 5xx. */
  failed: number;
  lastAt: string;
  /** Of the one that took the longest: what to trace next. */
  requestId: string | undefined;
  readonly took: Durations;
}

/** What is told of it beside its key; milliseconds. */
interface TimedRow {
  readonly count: number;
  readonly failed: number;
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
  readonly max: number | undefined;
  readonly lastAt: string;
  readonly requestId: string | undefined;
}

const SERVER_ERROR = 500;

export function timedGroups(keyOf: (line: LogLine) => string | undefined): Grouping<TimedGroup> {
  return grouping<TimedGroup>(
    keyOf,
    (key) => ({ key, count: 0, failed: 0, lastAt: '', requestId: undefined, took: durations() }),
    (group, { duration, statusCode, timestamp, requestId }) => {
      group.count++;
      if (statusCode !== undefined && statusCode >= SERVER_ERROR) group.failed++;
      if (timestamp > group.lastAt) group.lastAt = timestamp;
      if (duration === undefined) return;
      if (group.took.max === undefined || duration > group.took.max) group.requestId = requestId;
      group.took.add(duration);
    },
  );
}

export function timedRow({ count, failed, lastAt, requestId, took }: TimedGroup): TimedRow {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => took.percentile(share));
  return { count, failed, p50, p95, p99, max: took.max, lastAt, requestId };
}
