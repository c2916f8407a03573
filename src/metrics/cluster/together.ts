import type { Aggregator } from 'prom-client';
import type { Collected, Sample, SampleLabels } from '../exposition/collected.js';

const COMBINE: Readonly<Record<Exclude<Aggregator, 'omit'>, (values: readonly number[]) => number>> = {
  sum,
  first: (values) => values[0] ?? NaN,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  average: (values) => sum(values) / values.length,
};

/** What several workers show as one: each metric by its own aggregator, as prom-client does it; those that say `omit` are left out. */
export function together(workers: readonly (readonly Collected[])[]): Collected[] {
  const byName = new Map<string, Collected[]>();
  for (const metric of workers.flat()) put(byName, metric.name, metric);
  const shown: Collected[] = [];
  for (const metrics of byName.values()) {
    const [first] = metrics;
    if (first === undefined || first.aggregator === 'omit') continue;
    shown.push({ ...first, values: combined(metrics, COMBINE[first.aggregator ?? 'sum']) });
  }
  return shown;
}

function combined(metrics: readonly Collected[], combine: (values: readonly number[]) => number): Sample[] {
  const bySeries = new Map<string, Sample[]>();
  for (const { values } of metrics) for (const sample of values) put(bySeries, seriesOf(sample), sample);
  return [...bySeries.values()].map((samples) => ({
    ...samples[0],
    value: combine(samples.map(({ value }) => value)),
  }));
}

function seriesOf({ metricName = '', labels, sharedLabels }: Sample): string {
  const all: SampleLabels = { ...labels, ...sharedLabels };
  const names = Object.keys(all).sort();
  return `${metricName} ${names.map((name) => `${name}=${JSON.stringify(String(all[name]))}`).join()}`;
}

function put<Item>(groups: Map<string, Item[]>, key: string, item: Item): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
