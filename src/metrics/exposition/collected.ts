import type { Aggregator, Registry } from 'prom-client';

export type SampleLabels = Readonly<Record<string, unknown>>;

/**
 * One value as prom-client gives it.
 * @inline
 */
export interface Sample {
  readonly value: number;
  readonly labels?: SampleLabels;
  /** Labels that all samples of one histogram series have in common: the same object at every scrape. */
  readonly sharedLabels?: SampleLabels;
  /** Where it is not the name of the metric: `…_bucket`, `…_sum`, `…_count`. */
  readonly metricName?: string;
}

/**
 * One metric with all of its values, at one moment.
 * @inline
 */
export interface Collected {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly Sample[];
  readonly aggregator?: Aggregator;
}

interface Collectable {
  get(): Promise<Collected>;
  getForPromString?(): Promise<Collected>;
}

/** Reads one metric, which runs its `collect`. */
export async function collectedOf(registry: Registry, name: string): Promise<Collected> {
  // What prom-client's own exposition asks a metric for, of whichever class; its types tell less of it.
  const metric = registry.getSingleMetric(name) as unknown as Collectable | undefined;
  if (metric === undefined) throw new Error('is not on the registry any more');
  // Histograms have it. It copies no labels, which is most of the work of a large scrape.
  return metric.getForPromString === undefined ? metric.get() : metric.getForPromString();
}

/** Stands for all metrics of a registry: one sample, without a label of its own. */
const BARE = { get: () => Promise.resolve({ name: 'bare', values: [{ value: 1 }] }) };

/**
 * What the user put on the whole registry with `setDefaultLabels`. prom-client has no getter for them, so the registry is
 * asked for its samples while it has only one, which gets those labels and no others.
 */
export async function defaultLabelsOf(registry: Registry): Promise<SampleLabels> {
  const withoutMetrics = Object.create(registry, { getMetricsAsArray: { value: () => [BARE] } }) as Registry;
  const [metric] = (await withoutMetrics.getMetricsAsJSON()) as unknown as Pick<Collected, 'values'>[];
  return metric?.values[0]?.labels ?? {};
}
