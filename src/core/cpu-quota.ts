import { join } from 'node:path';
import { controlGroupOf } from './control-group.js';
import { coresIn, coresOf, fieldOf, readNumber, readText } from './kernel-files.js';

export interface CpuQuota {
  /** Processors that the group may use. */
  readonly cores: number;
  /** Processor time of all processes of the group since it exists; missing when the kernel does not tell. */
  readonly usedMs?: number;
}

/** The smallest quota above this process; nothing when no control group limits its processor time. */
export async function cpuQuota(systemRoot: string): Promise<CpuQuota | undefined> {
  const group = await controlGroupOf('cpu', systemRoot);
  if (group === undefined) return undefined;
  const granted = group.version === 1 ? coresInVersion1 : coresInVersion2;
  const quotas = await Promise.all(group.folders.map(async (folder) => ({ folder, cores: await granted(folder) })));
  let smallest: { folder: string; cores: number } | undefined;
  for (const { folder, cores } of quotas) {
    if (cores !== undefined && cores < (smallest?.cores ?? Infinity)) smallest = { folder, cores };
  }
  if (smallest === undefined) return undefined;
  const { folder, cores } = smallest;
  const depth = group.folders.length - group.folders.indexOf(folder);
  const usedMs = group.version === 1 ? await usedInVersion1(systemRoot, depth) : await usedInVersion2(folder);
  return usedMs === undefined ? { cores } : { cores, usedMs };
}

async function coresInVersion2(folder: string): Promise<number | undefined> {
  return coresIn(await readText(join(folder, 'cpu.max')));
}

async function coresInVersion1(folder: string): Promise<number | undefined> {
  const [quota, period] = await Promise.all(
    ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((file) => readNumber(join(folder, file))),
  );
  return coresOf(quota, period);
}

async function usedInVersion2(folder: string): Promise<number | undefined> {
  const micros = fieldOf(await readText(join(folder, 'cpu.stat')), 'usage_usec');
  return micros === undefined ? undefined : micros / 1000;
}

/** Counted by a controller of its own, whose folders mirror those of the quota. */
async function usedInVersion1(systemRoot: string, depth: number): Promise<number | undefined> {
  const counted = await controlGroupOf('cpuacct', systemRoot);
  const folder = counted?.folders.at(-depth);
  const nanos = folder === undefined ? undefined : await readNumber(join(folder, 'cpuacct.usage'));
  return nanos === undefined ? undefined : nanos / 1e6;
}
