import { Distribution } from './distribution.js';
import type { RouteView, RoutesView } from '../wire/index.js';
import type { RequestTotals, RouteTotals } from './request-totals.js';

/** Rate, errors and times of all requests lately. */
interface RecentRequests {
  readonly requestsPerSecond: number | null;
  readonly errorRatio: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** Readings are kept long enough to say what came in between. */
export interface RequestWindow {
  add(totals: RequestTotals): void;
  recent(): RecentRequests;
  routes(): RoutesView;
}

/** Charts tell of these seconds: less, and a service with little to do shows nothing but spikes. */
const RECENT_MS = 10_000;
/** The table tells of these minutes. */
const TABLE_MS = 300_000;
const TABLE_STEP_MS = 30_000;
const MAX_ROWS = 50;
/** Routes whose earlier readings are kept; for the others the table tells of the time since the start. */
const MAX_KEPT_ROUTES = 200;
const MINUTE_MS = 60_000;

/** `startedAt`: when all counts were still at zero. */
export function createRequestWindow(startedAt: number): RequestWindow {
  let latest: RequestTotals | undefined;
  // Oldest first; of each only what is compared.
  let recent: RequestTotals[] = [];
  let steps: RequestTotals[] = [{ at: startedAt, routes: new Map(), all: new Distribution(), errors: 0 }];

  return {
    add(totals) {
      latest = totals;
      // One that is older than the window stays: the window is measured from it.
      recent = [...after(recent, totals.at - RECENT_MS), { ...totals, routes: new Map() }];
      const lastStep = steps.at(-1);
      if (lastStep === undefined || totals.at - lastStep.at >= TABLE_STEP_MS) {
        steps = [...after(steps, totals.at - TABLE_MS), { ...totals, routes: busiest(totals.routes) }];
      }
    },
    recent() {
      const [since] = recent;
      if (latest === undefined || since === undefined || since.at >= latest.at) return NOTHING;
      const times = latest.all.since(since.all);
      const errors = latest.errors >= since.errors ? latest.errors - since.errors : latest.errors;
      return {
        requestsPerSecond: times.count / ((latest.at - since.at) / 1000),
        errorRatio: times.count === 0 ? null : errors / times.count,
        ...percentiles(times.quantile.bind(times)),
      };
    },
    routes() {
      if (latest === undefined) return { windowMs: 0, rows: [], left: 0 };
      const { at } = latest;
      const [since] = after(steps, at - TABLE_MS);
      const windowMs = since === undefined ? 0 : at - since.at;
      const rows = [...latest.routes].map(([key, totals]) => rowOf(totals, since?.routes.get(key), windowMs));
      rows.sort((one, other) => (other.p95Ms ?? -1) - (one.p95Ms ?? -1) || other.requests - one.requests);
      return { windowMs, rows: rows.slice(0, MAX_ROWS), left: Math.max(0, rows.length - MAX_ROWS) };
    },
  };
}

const NOTHING: RecentRequests = { requestsPerSecond: null, errorRatio: null, p50Ms: null, p95Ms: null, p99Ms: null };

/** Without those that are followed by another one which is old enough to measure from. */
function after(readings: RequestTotals[], at: number): RequestTotals[] {
  const first = readings.findLastIndex((reading) => reading.at <= at);
  return readings.slice(Math.max(0, first));
}

function busiest(routes: RequestTotals['routes']): RequestTotals['routes'] {
  if (routes.size <= MAX_KEPT_ROUTES) return routes;
  const sorted = [...routes].sort(([, one], [, other]) => other.times.count - one.times.count);
  return new Map(sorted.slice(0, MAX_KEPT_ROUTES));
}

function rowOf(now: RouteTotals, before: RouteTotals | undefined, windowMs: number): RouteView {
  const lately = now.times.since(before?.times);
  return {
    method: now.method,
    route: now.route,
    requests: now.times.count,
    errors: now.errors,
    perMinute: windowMs === 0 ? 0 : lately.count / (windowMs / MINUTE_MS),
    ...percentiles(lately.quantile.bind(lately)),
  };
}

function percentiles(quantile: (share: number) => number | null): Pick<RouteView, 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  const inMs = (share: number): number | null => {
    const seconds = quantile(share);
    return seconds === null ? null : seconds * 1000;
  };
  return { p50Ms: inMs(0.5), p95Ms: inMs(0.95), p99Ms: inMs(0.99) };
}
