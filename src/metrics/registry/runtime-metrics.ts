import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Registry } from 'prom-client';
import { gauge } from '../../instruments/instruments.js';

/** What prom-client's own metrics leave out. */
export function addRuntimeMetrics(registry: Registry): void {
  addHeapWhereMissing(registry);
  gauge(registry, {
    name: 'nodejs_heap_size_limit_bytes',
    help: 'Heap size at which V8 ends the process.',
    collect() {
      this.set(getHeapStatistics().heap_size_limit);
    },
  });
  let latest = performance.eventLoopUtilization();
  gauge(registry, {
    name: 'nodejs_eventloop_utilization_ratio',
    help: 'Share of the time since the latest scrape in which the event loop was busy, from 0 to 1.',
    aggregator: 'average',
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, latest).utilization);
      latest = now;
    },
  });
}

/** prom-client reads it from /proc, so only on Linux. */
function addHeapWhereMissing(registry: Registry): void {
  if (registry.getSingleMetric('process_heap_bytes') !== undefined) return;
  gauge(registry, {
    name: 'process_heap_bytes',
    help: 'Process heap size in bytes.',
    collect() {
      this.set(process.memoryUsage().heapTotal);
    },
  });
}
