import { readFile } from 'node:fs/promises';

/** The text of a small file of the kernel; nothing where this system does not have it. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // Not Linux, another version of control groups, the uppermost group, or a sandbox that shows less.
    return undefined;
  }
}

/** The whole number that a file consists of; nothing for `max` and for a file that does not exist. */
export async function readNumber(path: string): Promise<number | undefined> {
  const text = (await readText(path))?.trim() ?? '';
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** The number behind a name in a file of lines such as `usage_usec 1234` or `MemTotal:  16 kB`. */
export function fieldOf(text: string | undefined, name: string): number | undefined {
  const found = new RegExp(`^${name}:?\\s+(\\d+)`, 'm').exec(text ?? '');
  return found === null ? undefined : Number(found[1]);
}

/**
 * Processors that a quota grants, from a `cpu.max` such as `200000 100000` (microseconds of each period); nothing for
 * `max 100000`: https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu
 */
export function coresIn(cpuMax: string | undefined): number | undefined {
  const [quota, period] = (cpuMax ?? '').trim().split(' ').map(Number);
  return coresOf(quota, period);
}

/** The same from the two numbers; a quota of -1 is none: https://docs.kernel.org/scheduler/sched-bwc.html */
export function coresOf(quota = NaN, period = NaN): number | undefined {
  const cores = quota / period;
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}
