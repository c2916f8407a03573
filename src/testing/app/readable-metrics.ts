import type { Registry } from 'prom-client';
import type { Metrics } from '../../index.js';

/** The metrics of a service, for assertions. Both wait until every answer that was sent is counted. */
export interface ReadableMetrics {
  /**
   * Sum of the series with these labels, as `sum(name{…})` in PromQL; `undefined` when there is none. Of a histogram its
   * `_count`, `_sum` and `_bucket`.
   */
  value(name: string, labels?: Readonly<Record<string, string | number>>): Promise<number | undefined>;
  /** What a scrape of `/metrics` answers. */
  text(): Promise<string>;
}

export function readableMetrics(metrics: Metrics, settled: () => Promise<void>): ReadableMetrics {
  return {
    async value(name, labels = {}) {
      await settled();
      const wanted = Object.entries(labels);
      const values = (await seriesOf(metrics.registry, name))
        .filter((one) => wanted.every(([label, value]) => String(one.labels[label]) === String(value)))
        .map(({ value }) => value);
      return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
    },
    async text() {
      await settled();
      return metrics.render();
    },
  };
}

interface Series {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  /** Which part of a histogram or summary it is. */
  readonly metricName?: string;
}

async function seriesOf(registry: Registry, name: string): Promise<readonly Series[]> {
  const metric = registry.getSingleMetric(name) ?? registry.getSingleMetric(name.replace(/_(?:count|sum|bucket)$/, ''));
  const found = await metric?.get();
  // Typed without metricName, which the parts of histograms and summaries have.
  const values: readonly Series[] = found?.values ?? [];
  return values.filter(({ metricName = found?.name }) => metricName === name);
}
