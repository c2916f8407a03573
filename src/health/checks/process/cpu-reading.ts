import { availableParallelism, cpus, loadavg } from 'node:os';
import { cpuQuota } from '../../../core/cpu-quota.js';

export interface CpuReading {
  /** Processors' worth of work: the load of the machine, or what the container used where it is limited. */
  readonly busyCores: number;
  /** Processors that this work may use. */
  readonly cores: number;
}

interface Usage {
  /** Whose time it is: the two can only be compared with themselves. */
  readonly of: 'container' | 'process';
  readonly usedMs: number;
  readonly at: number;
}

/**
 * The load average of the last minute against the machine's processors. Where a container's quota or an affinity leaves fewer of them,
 * that load is not ours but the whole machine's: there the time used since the latest look is compared with what may be used.
 */
export function createCpuReader(systemRoot: string): () => Promise<CpuReading> {
  let latest: Usage = { of: 'process', usedMs: processMs(), at: performance.now() };

  return async function readCpu() {
    const quota = await cpuQuota(systemRoot);
    const machineCores = cpus().length;
    const cores = Math.min(quota?.cores ?? Infinity, availableParallelism());
    if (cores >= machineCores) return { busyCores: loadavg()[0] ?? 0, cores: machineCores };
    const before = latest;
    latest = {
      of: quota?.usedMs === undefined ? 'process' : 'container',
      usedMs: quota?.usedMs ?? processMs(),
      at: performance.now(),
    };
    // The first look at a container has nothing to compare with.
    if (before.of !== latest.of) return { busyCores: 0, cores };
    return { busyCores: (latest.usedMs - before.usedMs) / Math.max(latest.at - before.at, 1), cores };
  };
}

function processMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
