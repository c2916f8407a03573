import { Registry, type Counter, type Gauge, type Histogram } from 'prom-client';
import {
  counter,
  gauge,
  histogram,
  type CounterSpec,
  type GaugeSpec,
  type HistogramSpec,
} from '../../instruments/instruments.js';
import { exposition } from '../exposition/exposition.js';
import { resolveMetricsOptions, type MetricsOptions, type MetricsSettings } from './options.js';
import { addProcessMetrics } from './process-metrics.js';

export interface Metrics {
  /** Hand it to every piece that counts. */
  readonly registry: Registry;
  /**
   * A counter of your own, made at the first call and found again at every later one. Keep its labels few and closed:
   * every new combination of values is a series for as long as the process lives.
   * Throws `ConfigError` when the name is taken by another kind of metric or by other labels.
   */
  counter<Label extends string = never>(spec: CounterSpec<Label>): Counter<Label>;
  /** A gauge of your own; see {@link Metrics.counter}. */
  gauge<Label extends string = never>(spec: GaugeSpec<Label>): Gauge<Label>;
  /** A histogram of your own; see {@link Metrics.counter}. */
  histogram<Label extends string = never>(spec: HistogramSpec<Label>): Histogram<Label>;
  /** Everything on the registry as Prometheus text (version 0.0.4). Never rejects because of one metric. */
  render(): Promise<string>;
  /** Takes the process metrics that this call put on the registry off it again. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * The place where everything is counted: a registry with the process's own metrics and `app_build_info` on it.
 * Several in one process do not disturb each other, and two on one registry share its metrics.
 *
 * prom-client's default metrics keep their names, which dashboards rely on. Three of them are left out:
 * `nodejs_active_handles_total`, `_requests_total` and `_resources_total` are gauges named like counters, which
 * `promtool check metrics` refuses; `nodejs_active_handles`, `_requests` and `_resources` tell the same by type.
 *
 * @example
 * const metrics = createMetrics({ service: 'orders', version: '1.2.3' });
 * const shipped = metrics.counter({ name: 'orders_shipped_total', help: 'Orders handed to the carrier.' });
 * shipped.inc();
 */
export function createMetrics(options?: MetricsOptions): Metrics {
  const settings = resolveMetricsOptions(options);
  const registry = settings.registry ?? new Registry();
  const removeProcessMetrics = settings.defaultMetrics ? addProcessMetrics(registry) : undefined;
  tellBuild(registry, settings);
  const render = exposition(registry, settings);

  return {
    registry,
    counter: (spec) => counter(registry, spec),
    gauge: (spec) => gauge(registry, spec),
    histogram: (spec) => histogram(registry, spec),
    render: () => render('prometheus'),
    close() {
      removeProcessMetrics?.();
      return Promise.resolve();
    },
  };
}

function tellBuild(registry: Registry, { service, version }: MetricsSettings): void {
  const info = gauge(registry, {
    name: 'app_build_info',
    help: 'Always 1; its labels say what runs.',
    labelNames: ['service', 'version', 'node_version'],
    maxSeries: Infinity,
    aggregator: 'max',
  });
  info.set({ service, version, node_version: process.version }, 1);
}
