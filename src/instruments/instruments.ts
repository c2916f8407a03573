import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { ConfigError } from '../core/config-error.js';

/** What a metric is called and which labels it has. */
export interface MetricSpec<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
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
 */
export function counter<Label extends string = string>(registry: Registry, spec: MetricSpec<Label>): Counter<Label> {
  return existing(registry, spec, Counter<Label>, 'counter') ?? new Counter({ ...base(spec), registers: [registry] });
}

export function gauge<Label extends string = string>(registry: Registry, spec: GaugeSpec<Label>): Gauge<Label> {
  const found = existing(registry, spec, Gauge<Label>, 'gauge');
  if (found !== undefined) return found;
  const collect = spec.collect === undefined ? {} : { collect: spec.collect };
  return new Gauge({ ...base(spec), ...collect, registers: [registry] });
}

export function histogram<Label extends string = string>(
  registry: Registry,
  spec: HistogramSpec<Label>,
): Histogram<Label> {
  const found = existing(registry, spec, Histogram<Label>, 'histogram');
  return found ?? new Histogram({ ...base(spec), buckets: [...spec.buckets], registers: [registry] });
}

function base<Label extends string>(spec: MetricSpec<Label>): { name: string; help: string; labelNames: Label[] } {
  return { name: spec.name, help: spec.help, labelNames: [...(spec.labelNames ?? [])] };
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
