import { getHeapStatistics } from 'node:v8';
import { memoryLimits } from '../../../core/memory-limits.js';

export interface MemoryReading {
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  /** Where V8 ends the process: `--max-old-space-size` and what it adds. */
  readonly heapLimitBytes: number;
  readonly rssBytes: number;
  /** Where the kernel ends the process, when a control group limits it. */
  readonly containerLimitBytes?: number;
  /** What counts against that limit, of all processes in the container; `rssBytes` stands in for it when it is missing. */
  readonly containerUsedBytes?: number;
}

export async function readMemory(systemRoot: string): Promise<MemoryReading> {
  const { heapUsed, heapTotal, rss } = process.memoryUsage();
  const limit = await nearestLimit(systemRoot);
  return {
    heapUsedBytes: heapUsed,
    heapTotalBytes: heapTotal,
    heapLimitBytes: getHeapStatistics().heap_size_limit,
    rssBytes: rss,
    ...(limit === undefined ? {} : { containerLimitBytes: limit.limitBytes, containerUsedBytes: limit.usedBytes }),
  };
}

/** The one that is nearest to being reached, without the file cache. */
async function nearestLimit(systemRoot: string): Promise<{ limitBytes: number; usedBytes: number } | undefined> {
  const limits = (await memoryLimits(systemRoot)).map(({ limitBytes, chargedBytes, ...cache }) => ({
    limitBytes,
    usedBytes: Math.max(0, chargedBytes - cache.inactiveFileBytes - cache.activeFileBytes),
  }));
  return limits.sort((a, b) => b.usedBytes / b.limitBytes - a.usedBytes / a.limitBytes)[0];
}
