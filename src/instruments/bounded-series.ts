import { Counter, type Gauge, type Histogram, type Registry } from 'prom-client';
import { KnownSeries } from './known-series.js';

const DEFAULT_MAX_SERIES = 1000;
const DROPPED = 'metric_series_dropped_total';
const FAILED = 'metrics_observation_errors_total';

/** What the kinds of metrics have between them, as far as it takes labels. */
interface Countable {
  inc?(...args: unknown[]): unknown;
  dec?(...args: unknown[]): unknown;
  set?(...args: unknown[]): unknown;
  observe?(...args: unknown[]): unknown;
  zero?(labels: object): unknown;
  startTimer?(labels: object): unknown;
  labels(...args: unknown[]): unknown;
  remove(...args: unknown[]): unknown;
  reset(): void;
}

interface Bounds {
  readonly name: string;
  readonly labelNames?: readonly string[];
  readonly maxSeries?: number;
}

/**
 * Puts a bound on the series of a metric and makes it safe to count on: a value that prom-client would throw at is counted in
 * `metrics_observation_errors_total` instead, because observing must never be the reason why a request fails.
 */
export function withBoundedSeries<Metric extends Counter | Gauge | Histogram>(
  metric: Metric,
  registry: Registry,
  { name, labelNames = [], maxSeries = DEFAULT_MAX_SERIES }: Bounds,
): Metric {
  if (maxSeries === Infinity) return metric;
  const series = new KnownSeries(labelNames, maxSeries, () => seriesDropped(registry).inc({ metric: name }));
  if (labelNames.length > 0) seriesDropped(registry).inc({ metric: name }, 0);
  // Three classes without a common type; what follows asks for each method before it takes it.
  bound(metric, labelNames, series, failureReport(registry, name));
  return metric;
}

/** Observations that had to share a series because their metric had as many as it may. */
export function seriesDropped(registry: Registry): Counter<'metric'> {
  return plainCounter(
    registry,
    DROPPED,
    'Observations that went to __other__ because the metric has as many series as it may.',
  );
}

type OnError = (error: unknown) => void;

function bound(metric: Countable, labelNames: readonly string[], series: KnownSeries, onError: OnError): void {
  for (const verb of ['inc', 'dec', 'set', 'observe', 'zero'] as const) {
    const original = metric[verb]?.bind(metric) as ((...args: unknown[]) => unknown) | undefined;
    if (original === undefined) continue;
    metric[verb] = (...args: unknown[]): unknown => {
      try {
        // A NaN that was added once is in the sum for ever; prom-client lets it pass.
        if (verb !== 'set' && args.some(Number.isNaN)) throw new TypeError('Value is not a valid number: NaN');
        return isLabels(args[0]) ? original(series.of(args[0]), ...args.slice(1)) : original(...args);
      } catch (error) {
        onError(error);
        return undefined;
      }
    };
  }
  const { remove, reset, labels } = {
    remove: metric.remove.bind(metric),
    reset: metric.reset.bind(metric),
    labels: metric.labels.bind(metric),
  };
  metric.labels = (...args) => childOf(metric, labels, labelsOf(labelNames, args));
  metric.remove = (...args) => remove(series.forget(labelsOf(labelNames, args)));
  metric.reset = () => {
    series.forgetAll();
    reset();
  };
}

/** A child of prom-client's goes through the metric's own methods, but for that of a histogram. */
function childOf(metric: Countable, labels: (given: object) => unknown, given: object): unknown {
  if (metric.observe === undefined) return labels(given);
  return {
    observe: (value: unknown) => metric.observe?.(given, value),
    startTimer: () => metric.startTimer?.(given),
  };
}

/** Of the names that the metric has; prom-client takes an object, or the values in their order. */
function labelsOf(labelNames: readonly string[], args: readonly unknown[]): Record<string, unknown> {
  const [first] = args;
  return Object.fromEntries(labelNames.map((name, index) => [name, isLabels(first) ? first[name] : args[index]]));
}

function isLabels(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Counted each time, said once: what fails at one request mostly fails at the next. */
function failureReport(registry: Registry, metric: string): OnError {
  let isSaid = false;
  return (error) => {
    plainCounter(registry, FAILED, 'Values that a metric did not take, such as NaN or a counter that would fall.').inc({
      metric,
    });
    if (!isSaid) process.emitWarning(`${metric}: ${error instanceof Error ? error.message : String(error)}`);
    isSaid = true;
  };
}

/** Its label is the name of a metric: a list that the program itself makes. */
function plainCounter(registry: Registry, name: string, help: string): Counter<'metric'> {
  const found = registry.getSingleMetric(name) as Counter<'metric'> | undefined;
  return found ?? new Counter({ name, help, labelNames: ['metric'], registers: [registry] });
}
