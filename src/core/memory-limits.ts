import { totalmem } from 'node:os';
import { join } from 'node:path';
import { controlGroupOf, type ControlGroup } from './control-group.js';
import { fieldOf, readNumber, readText } from './kernel-files.js';

/** A control group that limits the memory of this process, together with that of everybody else in the group. */
export interface MemoryLimit {
  readonly limitBytes: number;
  /** What counts against the limit, the file cache included. */
  readonly chargedBytes: number;
  /** File cache that nobody has read lately. The kernel gives up both before it kills, this one first. */
  readonly inactiveFileBytes: number;
  readonly activeFileBytes: number;
}

const FILES = {
  1: {
    limit: 'memory.limit_in_bytes',
    charged: 'memory.usage_in_bytes',
    inactive: 'total_inactive_file',
    active: 'total_active_file',
  },
  2: { limit: 'memory.max', charged: 'memory.current', inactive: 'inactive_file', active: 'active_file' },
} as const;

/** Every limit above this process; none where no control group limits its memory. */
export async function memoryLimits(systemRoot: string): Promise<MemoryLimit[]> {
  const group = await controlGroupOf('memory', systemRoot);
  if (group === undefined) return [];
  const limits = await Promise.all(group.folders.map((folder) => limitIn(folder, group.version)));
  return limits.filter((limit) => limit !== undefined);
}

/** See memory.max and memory.stat of https://docs.kernel.org/admin-guide/cgroup-v2.html#memory. */
async function limitIn(folder: string, version: ControlGroup['version']): Promise<MemoryLimit | undefined> {
  const files = FILES[version];
  const limitBytes = await readNumber(join(folder, files.limit));
  // Version 1 writes a number beyond any machine where nothing limits.
  if (limitBytes === undefined || limitBytes <= 0 || limitBytes >= totalmem()) return undefined;
  const [chargedBytes, stat] = await Promise.all([
    readNumber(join(folder, files.charged)),
    readText(join(folder, 'memory.stat')),
  ]);
  if (chargedBytes === undefined) return undefined;
  return {
    limitBytes,
    chargedBytes,
    inactiveFileBytes: fieldOf(stat, files.inactive) ?? 0,
    activeFileBytes: fieldOf(stat, files.active) ?? 0,
  };
}
