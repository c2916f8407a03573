import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { fieldOf, readNumber, readText } from '../../core/kernel-files.js';

/**
 * Percent of the memory in use that cannot be had back at once: of the control group's limit, or of the machine's memory where
 * nothing limits the process.
 */
export async function memoryUsagePercent(systemRoot: string): Promise<number> {
  const group = join(systemRoot, 'sys/fs/cgroup');
  const limit = await readNumber(join(group, 'memory.max'));
  const current = await readNumber(join(group, 'memory.current'));
  if (limit !== undefined && current !== undefined && limit < totalmem()) {
    // Pages of files that nobody reads any more are given back before anything is ended.
    const reclaimable = fieldOf(await readText(join(group, 'memory.stat')), 'inactive_file') ?? 0;
    return share(current - reclaimable, limit);
  }
  const meminfo = await readText(join(systemRoot, 'proc/meminfo'));
  const total = fieldOf(meminfo, 'MemTotal');
  const available = fieldOf(meminfo, 'MemAvailable');
  if (total !== undefined && available !== undefined) return share(total - available, total);
  return share(totalmem() - freemem(), totalmem());
}

function share(used: number, of: number): number {
  return Math.min(100, Math.max(0, (used / of) * 100));
}
