import { collectDefaultMetrics, Registry, type Metric } from 'prom-client';
import { addSystemMetrics } from '../system/system-metrics.js';
import { addRuntimeMetrics } from './runtime-metrics.js';

// Gauges that are named like counters: `promtool check metrics` refuses them, and rate() of them means nothing.
const MISNAMED = new Set([
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]);

const PROCESS_METRICS = Symbol.for('express-runbook.process-metrics.v0');

interface Shared {
  [PROCESS_METRICS]?: readonly Metric[];
}

/**
 * Puts the metrics of this process on the registry, except those whose name is taken there. Returns what takes the same
 * ones off again.
 */
export function addProcessMetrics(registry: Registry): () => void {
  const added = processMetrics().filter((metric) => registry.getSingleMetric(nameOf(metric)) === undefined);
  for (const metric of added) registry.registerMetric(metric);
  return () => {
    for (const metric of added) {
      if (registry.getSingleMetric(nameOf(metric)) === metric) registry.removeSingleMetric(nameOf(metric));
    }
  };
}

/**
 * Measured once per process however many registries show it: prom-client starts a garbage collection observer and an
 * event loop sampler at each call and offers no way to stop them.
 */
function processMetrics(): readonly Metric[] {
  const shared = globalThis as Shared;
  return (shared[PROCESS_METRICS] ??= startProcessMetrics());
}

function startProcessMetrics(): readonly Metric[] {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addRuntimeMetrics(registry);
  addSystemMetrics(registry);
  // Typed as plain descriptions, but what the registry returns are the metrics that were registered.
  const metrics = registry.getMetricsAsArray() as unknown as Metric[];
  return metrics.filter((metric) => !MISNAMED.has(nameOf(metric)));
}

function nameOf(metric: Metric): string {
  // Every prom-client metric has its name as a public field at run time; the types of the classes leave it out.
  return (metric as unknown as { name: string }).name;
}
