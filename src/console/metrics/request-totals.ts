import type { Registry } from 'prom-client';
import { Distribution } from './distribution.js';
import { metricValues } from './metric-values.js';

/** One route, all of its statuses together, since the start. Times in seconds. */
export interface RouteTotals {
  readonly method: string;
  readonly route: string;
  readonly times: Distribution;
  errors: number;
}

/** What the requests of the service came to, read at one moment. */
export interface RequestTotals {
  readonly at: number;
  readonly routes: ReadonlyMap<string, RouteTotals>;
  readonly all: Distribution;
  readonly errors: number;
}

const DURATIONS = 'http_request_duration_seconds';
const FIRST_SERVER_ERROR = 500;

/** Of the histogram that `httpMetrics()` fills: its counts are those of `http_requests_total`. */
export async function requestTotals(registry: Registry, at: number): Promise<RequestTotals> {
  const routes = new Map<string, RouteTotals>();
  const all = new Distribution();
  let errors = 0;
  for (const value of await metricValues(registry, DURATIONS)) {
    const { method, endpoint, status } = value.sharedLabels ?? value.labels;
    const totals = totalsOf(routes, String(method), String(endpoint));
    totals.times.take(value);
    all.take(value);
    if (value.metricName?.endsWith('_count') !== true || Number(status) < FIRST_SERVER_ERROR) continue;
    totals.errors += value.value;
    errors += value.value;
  }
  return { at, routes, all, errors };
}

function totalsOf(routes: Map<string, RouteTotals>, method: string, route: string): RouteTotals {
  const key = `${method} ${route}`;
  const found = routes.get(key) ?? { method, route, times: new Distribution(), errors: 0 };
  routes.set(key, found);
  return found;
}
