import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { SeriesValues } from '../wire/index.js';

type ProcessValues = Pick<
  SeriesValues,
  'loopDelayMs' | 'loopUtilization' | 'cpuPercent' | 'residentBytes' | 'heapBytes'
>;

export interface ProcessReader {
  /** Event loop and CPU since the latest reading. */
  read(): ProcessValues;
  close(): void;
}

/** How often the loop is asked; what it is late by is the delay. */
const RESOLUTION_MS = 20;
const NANOSECONDS = 1e6;

/**
 * Measured here and not taken from the registry: gauges of that kind tell of the time since somebody asked, and a scraper
 * would be told of the time since this page did.
 */
export function createProcessReader(): ProcessReader {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let cpu = process.cpuUsage();
  let loop = performance.eventLoopUtilization();
  let readAt = performance.now();

  return {
    read() {
      const now = performance.now();
      const elapsedMs = now - readAt;
      const used = process.cpuUsage(cpu);
      const { utilization } = performance.eventLoopUtilization(loop);
      const { rss, heapUsed } = process.memoryUsage();
      const loopDelayMs = delay.count === 0 ? null : Math.max(0, delay.percentile(99) / NANOSECONDS - RESOLUTION_MS);
      cpu = process.cpuUsage();
      loop = performance.eventLoopUtilization();
      readAt = now;
      delay.reset();
      return {
        loopDelayMs,
        loopUtilization: utilization,
        cpuPercent: elapsedMs === 0 ? null : ((used.user + used.system) / 1000 / elapsedMs) * 100,
        residentBytes: rss,
        heapBytes: heapUsed,
      };
    },
    close() {
      delay.disable();
    },
  };
}
