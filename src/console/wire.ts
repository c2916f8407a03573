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

export interface CheckView {
  readonly name: string;
  readonly critical: boolean;
  readonly status: ShownStatus;
  readonly message?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly latencyMs: number;
  readonly checkedAt: number;
}

export interface HealthView {
  readonly status: string;
  readonly state: string;
  readonly checks: readonly CheckView[];
}

export interface RouteView {
  readonly method: string;
  readonly route: string;
  /** Since the start. */
  readonly requests: number;
  readonly errors: number;
  /** Of the last minutes, as the four below. */
  readonly perMinute: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export interface RoutesView {
  /** How far back rate and percentiles reach. */
  readonly windowMs: number;
  readonly rows: readonly RouteView[];
  /** Routes that are not among the rows. */
  readonly left: number;
}

export interface QueryView {
  readonly name: string;
  readonly pool: string;
  readonly count: number;
  readonly meanMs: number;
  readonly p95Ms: number | null;
}

export interface SlowQueryView {
  readonly query: string;
  readonly count: number;
  readonly slowestMs: number;
  readonly latestAt: number;
  readonly requestId?: string | undefined;
}

export interface QueriesView {
  readonly byOperation: readonly QueryView[];
  readonly named: readonly QueryView[];
  /** Of the lines of the slow-query log that are still held. */
  readonly slow: readonly SlowQueryView[];
}

export interface FailedRequest {
  readonly method: string;
  readonly url: string;
  readonly route?: string | undefined;
  readonly statusCode: number;
  readonly durationMs: number;
}

export interface ErrorView {
  readonly at: number;
  readonly message: string;
  readonly error?: string | undefined;
  readonly stack?: string | undefined;
  readonly requestId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly request?: FailedRequest | undefined;
}

export interface PoolView {
  readonly name: string;
  readonly used: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number | null;
}

export interface QueueView {
  readonly pending: number | null;
  readonly running: number | null;
  readonly failed: number | null;
  readonly oldestSeconds: number | null;
}

export interface JobTypeView {
  readonly type: string;
  readonly created: number;
  readonly active: number;
  readonly completed: number;
  readonly retried: number;
  readonly failed: number;
  readonly meanMs: number | null;
}

export interface JobsView {
  readonly queue: QueueView;
  readonly types: readonly JobTypeView[];
}

export interface CacheView {
  readonly name: string;
  readonly hits: number;
  readonly misses: number;
  readonly hitRatio: number | null;
  /** `null` where the values are not in this process. */
  readonly entries: number | null;
  readonly evictions: number;
}

export interface AlertView {
  readonly name: string;
  /** `critical`, `high`, `warning` …: whatever words the alerts have. */
  readonly severity: string;
  readonly message?: string | undefined;
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
}

export interface LevelView {
  readonly current: string;
  readonly levels: readonly string[];
  /** While it was changed here: when it goes back by itself, and to what. */
  readonly until?: number | undefined;
  readonly before?: string | undefined;
}

export type Setting = readonly [name: string, value: string];

/** What changes rarely or as a whole; sent when it differs from what was sent before. */
export interface Sections {
  readonly health: HealthView | null;
  readonly routes: RoutesView;
  readonly queries: QueriesView;
  readonly errors: readonly ErrorView[];
  readonly pools: readonly PoolView[];
  readonly jobs: JobsView | null;
  readonly caches: readonly CacheView[];
  /** `null` when nobody watches: no alert and no alerts are not the same. */
  readonly alerts: readonly AlertView[] | null;
  readonly level: LevelView | null;
}

export interface InstanceView {
  readonly service: string;
  readonly version: string | null;
  readonly node: string;
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** All there is to see, at one moment. */
export interface ConsoleSnapshot {
  readonly instance: InstanceView;
  readonly intervalMs: number;
  readonly historyMs: number;
  readonly history: HistoryView;
  readonly sections: Sections;
  /** The configuration, with secrets masked. */
  readonly settings: readonly Setting[];
  /** Whether somebody signed in by token, and can sign out. */
  readonly isSession: boolean;
}

/** What came since the last one. */
export interface ConsoleTick {
  readonly sample: Sample;
  readonly sections: Partial<Sections>;
}

export interface LogLineView {
  readonly seq: number;
  readonly at: number;
  readonly level: string;
  readonly message: string;
  readonly requestId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogBatch {
  readonly lines: readonly LogLineView[];
  /** Lines that matched and were left out, because they came faster than they can be shown. */
  readonly skipped: number;
}

/** From the most important to the least, as the filter offers them. */
export const LINE_LEVELS = ['fatal', 'error', 'warn', 'info', 'http', 'debug', 'trace'] as const;
