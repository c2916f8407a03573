import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { fieldOf, readText } from '../../core/kernel-files.js';
import { memoryLimits } from '../../core/memory-limits.js';

/**
 * Percent of the memory in use that cannot be had back at once: of the limit that is nearest to being reached among those of the
 * control groups above this process, or of the machine's memory where nothing limits the process.
 */
export async function memoryUsagePercent(systemRoot: string): Promise<number> {
  const limits = await memoryLimits(systemRoot);
  // Pages of files that nobody reads any more are given back before anything is ended.
  const shares = limits.map((limit) => share(limit.chargedBytes - limit.inactiveFileBytes, limit.limitBytes));
  if (shares.length > 0) return Math.max(...shares);
  const meminfo = await readText(join(systemRoot, 'proc/meminfo'));
  const total = fieldOf(meminfo, 'MemTotal');
  const available = fieldOf(meminfo, 'MemAvailable');
  if (total !== undefined && available !== undefined) return share(total - available, total);
  return share(totalmem() - freemem(), totalmem());
}

function share(used: number, of: number): number {
  return Math.min(100, Math.max(0, (used / of) * 100));
}
