import type { Aggregator, MetricType, MetricValueWithName, Registry } from 'prom-client';
import { ConfigError } from '../core/config-error.js';
import type { HistogramSpec } from './instruments.js';

/** Counts one value, in the metric's unit. */
export type Observe = (value: number) => void;

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** One more than there are buckets: the last is for what is above all of them. */
  readonly counts: Float64Array;
  sum: number;
}

const MARK = Symbol.for('express-runbook.series-histogram.v0');

/**
 * A histogram for what is counted several times per request or query. prom-client's own looks up its series by a text made
 * of all labels at every value; this one is asked for a series once, and counting on it then costs next to nothing. In the
 * exposition and in a cluster the two cannot be told apart. The caller bounds the label values.
 *
 * Got or created, as in `instruments.ts`.
 */
export function seriesHistogram<Label extends string>(
  registry: Registry,
  spec: HistogramSpec<Label>,
): (labels: Readonly<Record<Label, string>>) => Observe {
  const found = registry.getSingleMetric(spec.name) as unknown as SeriesHistogram | undefined;
  if (found !== undefined && !(MARK in found)) {
    const problem = 'is already a metric of another kind; expected a histogram of this package';
    throw new ConfigError('ERR_OPTION_CONFLICT', `registry.${spec.name}`, problem);
  }
  const metric = found ?? new SeriesHistogram(spec);
  // prom-client's types want one of its own classes; all that a registry calls is below.
  if (found === undefined) registry.registerMetric(metric as unknown as Parameters<Registry['registerMetric']>[0]);
  return (labels) => metric.series(labels);
}

interface CollectedHistogram {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly values: MetricValueWithName<string>[];
  readonly aggregator: Aggregator;
}

class SeriesHistogram {
  readonly [MARK] = true;
  readonly name: string;
  readonly help: string;
  // The value of prom-client's MetricType.Histogram in the exposition.
  readonly type = 'histogram' as unknown as MetricType;
  readonly aggregator: Aggregator;
  private readonly upperBounds: readonly number[];
  private readonly known = new Map<string, Series>();

  constructor({ name, help, buckets, aggregator = 'sum' }: HistogramSpec<string>) {
    this.name = name;
    this.help = help;
    this.upperBounds = [...buckets].sort((one, other) => one - other);
    this.aggregator = aggregator;
  }

  series(labels: Readonly<Record<string, string>>): Observe {
    const key = JSON.stringify(Object.entries(labels).sort());
    const series = this.known.get(key) ?? { labels: { ...labels }, counts: this.zeros(), sum: 0 };
    this.known.set(key, series);
    const { upperBounds } = this;
    return (value) => {
      let bucket = 0;
      while (bucket < upperBounds.length && value > (upperBounds[bucket] ?? Infinity)) bucket++;
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.sum += value;
    };
  }

  /** As prom-client's: every series with its buckets, each counting all below it, sum and count. */
  get(): Promise<CollectedHistogram> {
    const { name, help, type, aggregator } = this;
    const values = [...this.known.values()].flatMap((series) => this.valuesOf(series));
    return Promise.resolve({ name, help, type, values, aggregator });
  }

  reset(): void {
    for (const series of this.known.values()) {
      series.counts.fill(0);
      series.sum = 0;
    }
  }

  private valuesOf({ labels, counts, sum }: Series): MetricValueWithName<string>[] {
    let count = 0;
    const buckets = [...this.upperBounds, '+Inf'].map((le, index) => {
      count += counts[index] ?? 0;
      return { labels: { le, ...labels }, value: count, metricName: `${this.name}_bucket` };
    });
    return [
      ...buckets,
      { labels: { ...labels }, value: sum, metricName: `${this.name}_sum` },
      { labels: { ...labels }, value: count, metricName: `${this.name}_count` },
    ];
  }

  private zeros(): Float64Array {
    return new Float64Array(this.upperBounds.length + 1);
  }
}
