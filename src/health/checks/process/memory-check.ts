import { isBoolean, isFunction, isOneOf, isText } from '../../../core/checks.js';
import type { HealthCheck } from '../../../core/health-check.js';
import { resolveOptions } from '../../../core/options.js';
import { inMegabytes } from './byte-size.js';
import { readMemory, type MemoryReading } from './memory-reading.js';
import { demandOrder, inPercent, isPercent, usageResult } from './usage-level.js';

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
   * What `percentage` shows: the share of the nearest limit, or of `heapTotal`, as older runbooks print it. What counts is
   * the limit either way, because a healthy small heap fills its `heapTotal`.
   * @default 'limit'
   */
  percentageOf?: 'limit' | 'heapTotal';
  /**
   * Folder that stands for `/` where the limits of the control groups are read.
   * @default '/'
   */
  systemRoot?: string;
  /**
   * Where the numbers come from.
   * @default this process, V8 and the control groups (version 1 and 2)
   */
  read?: () => MemoryReading | Promise<MemoryReading>;
}

export const MEMORY_CHECK_DEFAULTS = Object.freeze({
  warnPercent: 80,
  criticalPercent: 90,
  critical: false,
  percentageOf: 'limit',
  systemRoot: '/',
});

/**
 * Compares memory with what would end the process: the heap with V8's limit and, in a container, what the container uses with
 * the container's limit; the worse of the two counts.
 */
export function memoryCheck(options?: MemoryCheckOptions): HealthCheck {
  const settings = resolveOptions('memoryCheck', options, MEMORY_CHECK_DEFAULTS, {
    warnPercent: isPercent,
    criticalPercent: isPercent,
    critical: isBoolean,
    percentageOf: isOneOf(['limit', 'heapTotal']),
    systemRoot: isText,
    read: isFunction,
  });
  demandOrder('memoryCheck', options, settings);
  const read = settings.read ?? (() => readMemory(settings.systemRoot));
  return {
    name: 'memory',
    critical: settings.critical,
    async run() {
      const reading = await read();
      const { details, ...result } = usageResult(
        percentOf(reading),
        settings,
        'Memory usage above threshold',
        shown(reading),
      );
      if (settings.percentageOf === 'limit') return { ...result, details };
      const ofTotal = (reading.heapUsedBytes / reading.heapTotalBytes) * 100;
      return { ...result, details: { ...details, percentage: inPercent(ofTotal) } };
    },
  };
}

function percentOf(reading: MemoryReading): number {
  const { heapUsedBytes, heapLimitBytes, containerLimitBytes, containerUsedBytes = reading.rssBytes } = reading;
  const heap = heapUsedBytes / heapLimitBytes;
  const container = containerLimitBytes === undefined ? 0 : containerUsedBytes / containerLimitBytes;
  return Math.max(heap, container) * 100;
}

function shown(reading: MemoryReading): Record<string, unknown> {
  const { containerLimitBytes, containerUsedBytes } = reading;
  return {
    heapUsed: inMegabytes(reading.heapUsedBytes),
    heapTotal: inMegabytes(reading.heapTotalBytes),
    heapLimit: inMegabytes(reading.heapLimitBytes),
    rss: inMegabytes(reading.rssBytes),
    ...(containerUsedBytes === undefined ? {} : { containerUsed: inMegabytes(containerUsedBytes) }),
    ...(containerLimitBytes === undefined ? {} : { containerLimit: inMegabytes(containerLimitBytes) }),
  };
}
