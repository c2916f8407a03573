import type { ShownStatus } from './samples.js';
import type { AlertView, CacheView, JobsView, LevelView } from './work.js';

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

interface QueriesView {
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
