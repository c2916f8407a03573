import { Counter, Gauge, Histogram, type Aggregator, type Registry } from 'prom-client';
import { ConfigError } from '../core/config-error.js';
import { withBoundedSeries } from './bounded-series.js';

/** What a metric is called and which labels it has. */
export interface MetricSpec<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
  /**
   * Combinations of label values that are kept apart; what comes after them has the value `__other__` in every label and is
   * counted in `metric_series_dropped_total`. `Infinity` for a metric whose label values the caller bounds itself.
   * @default 1000
   */
  readonly maxSeries?: number;
  /**
   * What the workers of a cluster show together.
   * @default 'sum'
   */
  readonly aggregator?: Aggregator;
}

export interface CounterSpec<Label extends string> extends MetricSpec<Label> {
  /** Called at every scrape, to read a total that is counted elsewhere: `this.reset()`, then `this.inc(…)`. */
  readonly collect?: (this: Counter<Label>) => void | Promise<void>;
}

export interface GaugeSpec<Label extends string> extends MetricSpec<Label> {
  /** Called at every scrape, to read a value that is not worth tracking in between. */
  readonly collect?: (this: Gauge<Label>) => void | Promise<void>;
}

export interface HistogramSpec<Label extends string> extends MetricSpec<Label> {
  /** Upper bounds, in the metric's unit. */
  readonly buckets: readonly number[];
}

/**
 * Metrics are got or created: the same name on the same registry is the same metric, so that a piece made twice counts on
 * and never fails with "already registered". A metric of another kind or with other labels under that name is refused.
 *
 * Counting on them never throws, and their label values are text of at most 128 characters, `unknown` where there is none.
 */
export function counter<Label extends string = string>(registry: Registry, spec: CounterSpec<Label>): Counter<Label> {
  const found = existing(registry, spec, Counter<Label>, 'counter');
  if (found !== undefined) return found;
  const collect = spec.collect === undefined ? {} : { collect: spec.collect };
  return withBoundedSeries(new Counter({ ...base(registry, spec), ...collect }), registry, spec);
}

export function gauge<Label extends string = string>(registry: Registry, spec: GaugeSpec<Label>): Gauge<Label> {
  const found = existing(registry, spec, Gauge<Label>, 'gauge');
  if (found !== undefined) return found;
  const collect = spec.collect === undefined ? {} : { collect: spec.collect };
  return withBoundedSeries(new Gauge({ ...base(registry, spec), ...collect }), registry, spec);
}

export function histogram<Label extends string = string>(
  registry: Registry,
  spec: HistogramSpec<Label>,
): Histogram<Label> {
  const found = existing(registry, spec, Histogram<Label>, 'histogram');
  if (found !== undefined) return found;
  return withBoundedSeries(new Histogram({ ...base(registry, spec), buckets: [...spec.buckets] }), registry, spec);
}

interface BaseConfiguration<Label extends string> {
  name: string;
  help: string;
  labelNames: Label[];
  aggregator: Aggregator;
  registers: Registry[];
}

function base<Label extends string>(registry: Registry, spec: MetricSpec<Label>): BaseConfiguration<Label> {
  const { name, help, labelNames = [], aggregator = 'sum' } = spec;
  return { name, help, labelNames: [...labelNames], aggregator, registers: [registry] };
}

function existing<Metric>(
  registry: Registry,
  spec: MetricSpec<string>,
  kind: new (...args: never[]) => Metric,
  word: string,
): Metric | undefined {
  // prom-client types the metric of an unknown name as Metric<string>; its kind and labels are checked below.
  const found = registry.getSingleMetric(spec.name) as unknown as ({ labelNames?: string[] } & Metric) | undefined;
  if (found === undefined) return undefined;
  // By name and not by instanceof: the registry may come from another copy of prom-client.
  const isSameKind = (found as object).constructor.name === kind.name;
  const labels = [...(found.labelNames ?? [])].sort().join();
  if (isSameKind && labels === [...(spec.labelNames ?? [])].sort().join()) return found;
  throw new ConfigError(
    'ERR_OPTION_CONFLICT',
    `registry.${spec.name}`,
    `is already a metric of another kind or with other labels; expected a ${word} with (${(spec.labelNames ?? []).join(', ')})`,
  );
}
