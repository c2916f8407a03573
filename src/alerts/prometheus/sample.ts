import { series, type Labels } from './promql.js';

/** A series of a test of promtool: `0+60x100` is 0 and then 60 more at each of 100 steps. */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** Series in which a measure has a value all the time. */
export interface Sample {
  readonly series: readonly InputSeries[];
  /** A share of rates needs a second sample; a rate itself the whole window. */
  readonly fromStep: number;
  /** What an alert on it carries, beside those of the rule. */
  readonly labels: Labels;
  /** What the expression gives after so many seconds: close to what was asked for, not always equal. */
  readonly valueAt: (seconds: number) => number;
}

export interface SampleSettings {
  /** As the scrape gives them to every series. */
  readonly labels: Labels;
  readonly steps: number;
  readonly stepSeconds: number;
  /** Requests, lookups or calls of a step. */
  readonly eachStep: number;
}

export const INSTANCE = Object.freeze({ instance: 'localhost:3000' });
const HIGHEST_SHARE = 0.951;
const LOWEST_SHARE = 0.949;

export interface Samples {
  at: (name: string, labels: Labels, start: number, step?: number) => InputSeries;
  /** Of gauges that stay as they are. */
  steady: (labels: Labels, value: number, all: readonly InputSeries[]) => Sample;
  /** Of counters that grow by the same at every step. */
  growing: (labels: Labels, value: number, all: readonly InputSeries[]) => Sample;
  requests: (failed?: number) => InputSeries[];
  /** A histogram whose 95th percentile is a little above or below a bucket. */
  p95: (name: string, labels: Labels, bound: number, isAbove: boolean) => { all: InputSeries[]; value: number };
}

export function samples({ labels: common, steps, eachStep }: SampleSettings): Samples {
  const job: Labels = common.job === undefined ? {} : { job: common.job };
  const at: Samples['at'] = (name, labels, start, step = 0) => ({
    series: series(name, { ...common, ...INSTANCE, ...labels }),
    values: `${String(start)}+${String(step)}x${String(steps)}`,
  });
  const made =
    (fromStep: number): Samples['steady'] =>
    (labels, value, all) => ({ series: all, fromStep, labels: { ...job, ...labels }, valueAt: () => value });
  return {
    at,
    steady: made(0),
    growing: made(1),
    requests: (failed = 0) => [
      at('http_requests_total', { endpoint: '/api/users', status: '200' }, 0, eachStep - failed),
      at('http_requests_total', { endpoint: '/api/users', status: '500' }, 0, failed),
      // What probes are told is no error of the service, however often.
      at('http_requests_total', { endpoint: '/health/readiness', status: '503' }, 0, eachStep),
    ],
    p95(name, labels, bound, isAbove) {
      const share = isAbove ? LOWEST_SHARE : HIGHEST_SHARE;
      const buckets = [
        [bound / 2, 0],
        [bound, share * eachStep],
        [bound * 2, eachStep],
        ['+Inf', eachStep],
      ] as const;
      const all = buckets.map(([le, count]) => at(`${name}_bucket`, { ...labels, le: String(le) }, 0, count));
      // As Prometheus does it: straight from one bound to the next.
      const value = isAbove ? bound + (bound * (0.95 - share)) / (1 - share) : bound / 2 + ((bound / 2) * 0.95) / share;
      return { all, value };
    },
  };
}
