import type { Registry } from 'prom-client';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';

export interface MetricValue {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  /** Labels that the values of one histogram series have in common. */
  readonly sharedLabels?: Readonly<Record<string, string | number | undefined>>;
  /** Where it is not the name of the metric: `…_bucket`, `…_sum`, `…_count`. */
  readonly metricName?: string;
}

interface Readable {
  get(): Promise<{ readonly values: readonly MetricValue[] }>;
  /** Of histograms: without a copy of all labels for each bucket. */
  getForPromString?(): Promise<{ readonly values: readonly MetricValue[] }>;
}

/** A gauge may ask a database that is away; the page shows the rest meanwhile. */
const READ_MS = 2500;

/**
 * What one metric says now. Nothing where it is not on the registry, or could not be collected: scrapes, which meet the same
 * collector, count and log that.
 */
export async function metricValues(registry: Registry, name: string): Promise<readonly MetricValue[]> {
  // What prom-client's own exposition asks a metric for; its types tell less of it.
  const metric = registry.getSingleMetric(name) as unknown as Readable | undefined;
  if (metric === undefined) return [];
  try {
    const work = metric.getForPromString === undefined ? metric.get() : metric.getForPromString();
    const found = await withDeadline(work, READ_MS);
    return found === TIMED_OUT ? [] : found.values;
  } catch {
    return [];
  }
}

/** The values of a counter or gauge by one of its labels, added up. */
export async function valuesBy(registry: Registry, name: string, label: string): Promise<ReadonlyMap<string, number>> {
  const sums = new Map<string, number>();
  for (const { value, labels } of await metricValues(registry, name)) {
    const key = String(labels[label]);
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums;
}

/** The one value of a metric without labels; `null` where there is none. */
export async function soleValue(registry: Registry, name: string): Promise<number | null> {
  const [only] = await metricValues(registry, name);
  return only?.value ?? null;
}
