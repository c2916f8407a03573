/** What the page is told, and in which words. Read by both sides: nothing here may need Node or a browser. */

export const SERIES = [
  'requestsPerSecond',
  'errorRatio',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  'inFlight',
  'poolUsed',
  'poolIdle',
  'poolWaiting',
  'loopDelayMs',
  'loopUtilization',
  'cpuPercent',
  'residentBytes',
  'heapBytes',
] as const;

export type SeriesName = (typeof SERIES)[number];

/** `null`: there was nothing to measure, e.g. no request whose time could be told. */
export type SeriesValues = Readonly<Record<SeriesName, number | null>>;

/** What a check was at one sample, as one character: of a timeline there are hundreds. */
export const CHECK_MARKS = { up: 'u', degraded: 'g', down: 'd', unknown: '-' } as const;

export type ShownStatus = keyof typeof CHECK_MARKS;

/** One moment. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly values: SeriesValues;
  readonly checks: Readonly<Record<string, ShownStatus>>;
}

export interface HistoryView {
  readonly at: readonly number[];
  readonly series: Readonly<Record<SeriesName, readonly (number | null)[]>>;
  /** One character per sample, see {@link CHECK_MARKS}. */
  readonly checks: Readonly<Record<string, string>>;
}
