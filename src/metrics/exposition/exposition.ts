import type { Registry } from 'prom-client';
import { defaultLabelsOf, type Collected, type SampleLabels } from './collected.js';
import { createCollector, type CollectorSettings } from './collector.js';
import type { Format } from './formats.js';
import { metricsText, type TextCache } from './metric-text.js';

interface ExpositionSettings extends CollectorSettings {
  /** Collects in place of the registry's own collector: from several workers. */
  readonly cluster?: { collect(): Promise<readonly Collected[]> };
}

/** Renders the registry in a format. Callers at the same time share one run. */
export function exposition(registry: Registry, settings: ExpositionSettings): (format: Format) => Promise<string> {
  const { cluster } = settings;
  const collect = cluster === undefined ? createCollector(registry, settings) : () => cluster.collect();
  const running = new Map<Format, Promise<string>>();
  let cache: TextCache = new WeakMap();
  let defaultLabels: SampleLabels = {};

  async function run(format: Format): Promise<string> {
    const metrics = await collect();
    const labels = await defaultLabelsOf(registry);
    if (JSON.stringify(labels) !== JSON.stringify(defaultLabels)) {
      defaultLabels = labels;
      cache = new WeakMap();
    }
    return metricsText(metrics, { format, defaultLabels, cache });
  }

  return (format) => {
    const found = running.get(format);
    if (found !== undefined) return found;
    const started = run(format).finally(() => running.delete(format));
    running.set(format, started);
    return started;
  };
}
