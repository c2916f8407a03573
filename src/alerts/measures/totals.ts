import type { Registry } from 'prom-client';
import { seriesOf } from './series.js';

/**
 * Totals that only grow: by the name of a counter and by `<name>|5xx` of what had such a status; of a histogram by `<name>_sum`,
 * `<name>_count` and `<name>|<bound>`.
 */
export type Totals = ReadonlyMap<string, number>;

/** Of these metrics now, over all of their labels. */
export async function readTotals(registry: Registry, metrics: readonly string[]): Promise<Totals> {
  const totals = new Map<string, number>();
  for (const metric of metrics) {
    for (const { value, labels, metricName = metric } of await seriesOf(registry, metric)) {
      const key = metricName.endsWith('_bucket') ? `${metric}|${String(labels.le)}` : metricName;
      const isFailure = metricName === metric && String(labels.status).startsWith('5');
      for (const one of isFailure ? [key, `${key}|5xx`] : [key]) totals.set(one, (totals.get(one) ?? 0) + value);
    }
  }
  return totals;
}

/** How much totals have grown lately. */
export interface Growth {
  /** 0 for a metric that there is not. */
  of(key: string): number;
  /** Buckets of a histogram: upper bound and how many observations were not above it, smallest bound first. */
  buckets(metric: string): readonly (readonly [bound: number, count: number])[];
  /** Of the time that it is about. */
  readonly seconds: number;
}

/** Samples that are kept for one window: more would say the same. */
const SLICES = 60;

interface Sample {
  readonly at: number;
  readonly totals: Totals;
}

/** Takes totals as they are read and says how they have grown within the window, or since the first reading. */
export function growthWindow(windowMs: number): (sample: Sample) => Growth {
  const samples: Sample[] = [];
  return (latest) => {
    // One from before the window stays: the whole window lies between it and now.
    while ((samples[1]?.at ?? Infinity) <= latest.at - windowMs) samples.shift();
    const [first = latest] = samples;
    const newest = samples.at(-1);
    if (newest === undefined || latest.at - newest.at >= windowMs / SLICES) samples.push(latest);
    return growth(first, latest);
  };
}

function growth(first: Sample, latest: Sample): Growth {
  const of = (key: string): number => {
    const after = latest.totals.get(key) ?? 0;
    const before = first.totals.get(key) ?? 0;
    // A counter that was reset began at 0.
    return after < before ? after : after - before;
  };
  return {
    of,
    buckets(metric) {
      const prefix = `${metric}|`;
      return [...latest.totals.keys()]
        .filter((key) => key.startsWith(prefix))
        .map((key) => [boundOf(key.slice(prefix.length)), of(key)] as const)
        .sort(([one], [other]) => one - other);
    },
    seconds: (latest.at - first.at) / 1000,
  };
}

function boundOf(text: string): number {
  return text === '+Inf' ? Infinity : Number(text);
}
