import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';

export interface CpuReading {
  /** Processors' worth of work: the load of the machine, or what this process used where a container limits it. */
  readonly busyCores: number;
  /** Processors that this work may use. */
  readonly cores: number;
}

/**
 * The load average of the last minute against the machine's processors. In a container with a quota that load is not ours
 * but the whole machine's, so there this process' own time since the latest look is compared with the quota.
 */
export function createCpuReader(): () => Promise<CpuReading> {
  let usageAt = process.cpuUsage();
  let lookedAt = performance.now();

  return async function readCpu() {
    const quota = await cpuQuota();
    if (quota === undefined) return { busyCores: loadavg()[0] ?? 0, cores: cpus().length };
    const used = process.cpuUsage(usageAt);
    const elapsedMs = performance.now() - lookedAt;
    usageAt = process.cpuUsage();
    lookedAt = performance.now();
    return { busyCores: (used.user + used.system) / 1000 / Math.max(elapsedMs, 1), cores: quota };
  };
}

/** Processors that the control group (version 2) grants; nothing where there is no quota. */
async function cpuQuota(): Promise<number | undefined> {
  const text = await readFile('/sys/fs/cgroup/cpu.max', 'utf8').catch(() => {
    // Not Linux, version 1, or the root group: no quota to be read.
    return 'max';
  });
  return quotaOf(text);
}

/** From `200000 100000` (microseconds of each period) or `max 100000` (https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu). */
function quotaOf(cpuMax: string): number | undefined {
  const [quota, period] = cpuMax.trim().split(' ').map(Number);
  const cores = (quota ?? NaN) / (period ?? NaN);
  return Number.isFinite(cores) && cores > 0 ? cores : undefined;
}
