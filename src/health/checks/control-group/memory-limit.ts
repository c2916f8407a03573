import { totalmem } from 'node:os';
import { join } from 'node:path';
import { fieldOf, readNumber, readText } from '../../../core/kernel-files.js';
import { controlGroupOf, type ControlGroup } from './control-group.js';

export interface MemoryLimit {
  readonly limitBytes: number;
  /** Of all processes of the group, without the file cache, which the kernel gives up before it kills. */
  readonly usedBytes: number;
}

const FILES = {
  1: {
    limit: 'memory.limit_in_bytes',
    used: 'memory.usage_in_bytes',
    cache: ['total_inactive_file', 'total_active_file'],
  },
  2: { limit: 'memory.max', used: 'memory.current', cache: ['inactive_file', 'active_file'] },
} as const;

/** The limit that is nearest to being reached; nothing when no control group limits the memory of this process. */
export async function memoryLimit(systemRoot: string): Promise<MemoryLimit | undefined> {
  const group = await controlGroupOf('memory', systemRoot);
  if (group === undefined) return undefined;
  const limits = await Promise.all(group.folders.map((folder) => limitIn(folder, group.version)));
  return limits
    .filter((limit) => limit !== undefined)
    .reduce<MemoryLimit | undefined>((worst, limit) => (isNearer(limit, worst) ? limit : worst), undefined);
}

function isNearer(limit: MemoryLimit, than: MemoryLimit | undefined): boolean {
  return than === undefined || limit.usedBytes / limit.limitBytes > than.usedBytes / than.limitBytes;
}

/** See memory.max and memory.stat of https://docs.kernel.org/admin-guide/cgroup-v2.html#memory. */
async function limitIn(folder: string, version: ControlGroup['version']): Promise<MemoryLimit | undefined> {
  const files = FILES[version];
  const limitBytes = await readNumber(join(folder, files.limit));
  // Version 1 writes a number beyond any machine where nothing limits.
  if (limitBytes === undefined || limitBytes <= 0 || limitBytes >= totalmem()) return undefined;
  const [used, stat] = await Promise.all([readNumber(join(folder, files.used)), readText(join(folder, 'memory.stat'))]);
  if (used === undefined) return undefined;
  const cacheBytes = files.cache.reduce((sum, name) => sum + (fieldOf(stat, name) ?? 0), 0);
  return { limitBytes, usedBytes: Math.max(0, used - cacheBytes) };
}
