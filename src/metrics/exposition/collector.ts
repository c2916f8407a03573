import type { Counter, Registry } from 'prom-client';
import { TIMED_OUT, withDeadline } from '../../core/deadline.js';
import type { Logger } from '../../core/logger.js';
import { counter } from '../../instruments/instruments.js';
import { breather } from './breather.js';
import { collectedOf, type Collected } from './collected.js';

export interface CollectorSettings {
  readonly collectTimeoutMs: number;
  readonly logger: Logger;
}

const COLLECTOR_ERRORS = 'metrics_collector_errors_total';

/**
 * Reads the registry metric by metric, so that one which throws or hangs costs only itself: prom-client's own
 * `registry.metrics()` would reject, or never settle. Callers at the same time share one run.
 */
export function createCollector(registry: Registry, settings: CollectorSettings): () => Promise<readonly Collected[]> {
  const readOne = reader(registry, settings);
  // Shown as 0 from the first scrape on, so that rate() sees the first failure.
  collectorErrors(registry);
  let running: Promise<readonly Collected[]> | undefined;

  async function run(): Promise<readonly Collected[]> {
    const errors = collectorErrors(registry);
    const names = registry.getMetricsAsArray().map((metric) => metric.name);
    const breathe = breather();
    const readings: Promise<Collected | undefined>[] = [];
    for (const name of names) {
      if (name !== COLLECTOR_ERRORS) readings.push(readOne(name, errors));
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
    const collected = await Promise.all(readings);
    // Last, so that it counts the failures of this very run.
    collected.push(await readOne(COLLECTOR_ERRORS, errors));
    return collected.filter((metric) => metric !== undefined);
  }

  return () =>
    (running ??= run().finally(() => {
      running = undefined;
    }));
}

function collectorErrors(registry: Registry): Counter<'metric'> {
  return counter(registry, {
    name: COLLECTOR_ERRORS,
    help: 'Scrapes that a metric was missing from because its collector threw or took too long.',
    labelNames: ['metric'],
    // As many as there are metrics.
    maxSeries: Infinity,
  });
}

type Read = (name: string, errors: Counter<'metric'>) => Promise<Collected | undefined>;

function reader(registry: Registry, { collectTimeoutMs, logger }: CollectorSettings): Read {
  // Logged when it begins to fail, not again at every scrape.
  const failing = new Set<string>();
  // Still running since an earlier scrape: started again they would pile up, waited for they would slow every scrape.
  const hanging = new Set<string>();

  async function read(name: string): Promise<Collected> {
    if (hanging.has(name)) throw new Error('still collecting since an earlier scrape');
    const work = collectedOf(registry, name);
    const collected = await withDeadline(work, collectTimeoutMs);
    if (collected !== TIMED_OUT) return collected;
    hanging.add(name);
    const settled = (): boolean => hanging.delete(name);
    work.then(settled, settled);
    throw new Error(`took longer than ${String(collectTimeoutMs)} ms to collect`);
  }

  return async (name, errors) => {
    try {
      const collected = await read(name);
      failing.delete(name);
      return collected;
    } catch (error) {
      errors.inc({ metric: name });
      if (!failing.has(name)) logger.warn({ metric: name, err: error }, 'a metric could not be collected');
      failing.add(name);
      return undefined;
    }
  };
}
