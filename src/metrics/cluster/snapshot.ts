import type { Collected, Sample } from '../exposition/collected.js';

/** What one worker tells the others. */
export interface Snapshot {
  /** Names the process, however often its number is given to another. */
  readonly id: string;
  /** Workers that have left and whose counts are in `metrics`. */
  readonly inherited: readonly string[];
  readonly metrics: readonly Collected[];
}

/** As JSON, which has no NaN and no infinities: those are written as words. */
export function snapshotText(snapshot: Snapshot): string {
  const metrics = snapshot.metrics.map((metric) => ({ ...metric, values: metric.values.map(written) }));
  return JSON.stringify({ ...snapshot, metrics });
}

type WrittenMetric = Omit<Collected, 'values'> & { readonly values: readonly WrittenSample[] };
type Written = Omit<Snapshot, 'metrics'> & { readonly metrics: readonly WrittenMetric[] };

/** Throws when it is none. */
export function snapshotIn(text: string): Snapshot {
  // Written by the function above, in a process of the same user and package.
  const { id, inherited, metrics } = JSON.parse(text) as Written;
  return { id, inherited, metrics: metrics.map((metric) => ({ ...metric, values: metric.values.map(read) })) };
}

/** A value that JSON does not have stands there as a word. */
type WrittenSample = Omit<Sample, 'value'> & { readonly value: number | string };

function written({ value, labels, sharedLabels, metricName }: Sample): WrittenSample {
  const said = Number.isFinite(value) ? value : String(value);
  return { value: said, metricName, labels: { ...labels, ...sharedLabels } };
}

function read(sample: WrittenSample): Sample {
  return { ...sample, value: Number(sample.value) };
}
