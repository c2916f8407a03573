import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { isBoolean, isFunction } from '../../core/checks.js';
import type { HealthCheck } from '../../core/health-check.js';
import { resolveOptions } from '../../core/options.js';
import { inMegabytes } from './byte-size.js';
import { demandOrder, isPercent, usageResult } from './usage-level.js';

export interface MemoryReading {
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  /** Where V8 ends the process: `--max-old-space-size` and what it adds. */
  readonly heapLimitBytes: number;
  readonly rssBytes: number;
  /** Where the system ends the process, when it runs in a container with a limit. */
  readonly containerLimitBytes?: number;
}

export interface MemoryCheckOptions {
  /**
   * Percent of a limit above which memory counts as degraded.
   * @default 80
   */
  warnPercent?: number;
  /**
   * Percent of a limit above which the level is critical.
   * @default 90
   */
  criticalPercent?: number;
  /**
   * Whether the critical level takes the service out of traffic.
   * @default false
   */
  critical?: boolean;
  /**
   * Where the numbers come from.
   * @default this process, V8 and the control group
   */
  read?: () => MemoryReading;
}

export const MEMORY_CHECK_DEFAULTS = Object.freeze({
  warnPercent: 80,
  criticalPercent: 90,
  critical: false,
  read: readMemory,
});

/**
 * Compares memory with what would end the process: the heap with V8's limit and, in a container, the resident set with the
 * container's; the worse of the two counts. Not the share of `heapTotal`, which is high on any healthy small heap.
 */
export function memoryCheck(options?: MemoryCheckOptions): HealthCheck {
  const settings = resolveOptions('memoryCheck', options, MEMORY_CHECK_DEFAULTS, {
    warnPercent: isPercent,
    criticalPercent: isPercent,
    critical: isBoolean,
    read: isFunction,
  });
  demandOrder('memoryCheck', options, settings);
  return {
    name: 'memory',
    critical: settings.critical,
    run() {
      const reading = settings.read();
      return usageResult(percentOf(reading), settings, 'Memory usage above threshold', shown(reading));
    },
  };
}

function percentOf({ heapUsedBytes, heapLimitBytes, rssBytes, containerLimitBytes }: MemoryReading): number {
  const heap = heapUsedBytes / heapLimitBytes;
  const container = containerLimitBytes === undefined ? 0 : rssBytes / containerLimitBytes;
  return Math.max(heap, container) * 100;
}

function shown(reading: MemoryReading): Record<string, unknown> {
  const { containerLimitBytes } = reading;
  return {
    heapUsed: inMegabytes(reading.heapUsedBytes),
    heapTotal: inMegabytes(reading.heapTotalBytes),
    heapLimit: inMegabytes(reading.heapLimitBytes),
    rss: inMegabytes(reading.rssBytes),
    ...(containerLimitBytes === undefined ? {} : { containerLimit: inMegabytes(containerLimitBytes) }),
  };
}

function readMemory(): MemoryReading {
  const { heapUsed, heapTotal, rss } = process.memoryUsage();
  const reading = {
    heapUsedBytes: heapUsed,
    heapTotalBytes: heapTotal,
    heapLimitBytes: getHeapStatistics().heap_size_limit,
    rssBytes: rss,
  };
  // 0 or a number beyond the machine's memory when nothing limits the process.
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? { ...reading, containerLimitBytes: limit } : reading;
}
