import type { Counter, Registry } from 'prom-client';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { Logger } from '../../core/logger.js';
import { counter } from '../../instruments/instruments.js';

interface ExpositionSettings {
  readonly collectTimeoutMs: number;
  readonly logger: Logger;
}

/**
 * Renders the registry metric by metric, so that one which throws or hangs costs only itself: prom-client's own
 * `registry.metrics()` would reject, or never settle. Callers at the same time share one run.
 */
export function exposition(registry: Registry, settings: ExpositionSettings): () => Promise<string> {
  const textOf = collector(registry, settings);
  // Shown as 0 from the first scrape on, so that rate() sees the first failure.
  collectorErrors(registry);
  let running: Promise<string> | undefined;

  async function run(): Promise<string> {
    const errors = collectorErrors(registry);
    const names = registry.getMetricsAsArray().map((metric) => metric.name);
    const others = names.filter((name) => name !== COLLECTOR_ERRORS);
    const texts = await Promise.all(others.map((name) => textOf(name, errors)));
    // Last, so that it counts the failures of this very run.
    texts.push(await textOf(COLLECTOR_ERRORS, errors));
    return `${texts.filter((text) => text !== undefined).join('\n\n')}\n`;
  }

  return () =>
    (running ??= run().finally(() => {
      running = undefined;
    }));
}

const COLLECTOR_ERRORS = 'metrics_collector_errors_total';

function collectorErrors(registry: Registry): Counter<'metric'> {
  return counter(registry, {
    name: COLLECTOR_ERRORS,
    help: 'Scrapes that a metric was missing from because its collector threw or took too long.',
    labelNames: ['metric'],
  });
}

type Collect = (name: string, errors: Counter<'metric'>) => Promise<string | undefined>;

function collector(registry: Registry, { collectTimeoutMs, logger }: ExpositionSettings): Collect {
  // Logged when it begins to fail, not again at every scrape.
  const failing = new Set<string>();
  // Still running since an earlier scrape: started again they would pile up, waited for they would slow every scrape.
  const hanging = new Set<string>();

  async function collect(name: string): Promise<string> {
    if (hanging.has(name)) throw new Error('still collecting since an earlier scrape');
    const work = registry.getSingleMetricAsString(name);
    const text = await withDeadline(work, collectTimeoutMs);
    if (text !== TIMED_OUT) return text;
    hanging.add(name);
    const settled = (): boolean => hanging.delete(name);
    work.then(settled, settled);
    throw new Error(`took longer than ${String(collectTimeoutMs)} ms to collect`);
  }

  return async (name, errors) => {
    try {
      const text = await collect(name);
      failing.delete(name);
      return text;
    } catch (error) {
      errors.inc({ metric: name });
      if (!failing.has(name)) logger.warn({ metric: name, err: error }, 'a metric could not be collected');
      failing.add(name);
      return undefined;
    }
  };
}
