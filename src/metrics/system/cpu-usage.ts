import { cpus } from 'node:os';
import { cpuQuota } from '../../core/cpu-quota.js';

/** Below it a reading would say more about the clock's ticks than about the processors. */
const MIN_WINDOW_MS = 500;

/** What was used and what there was to use, both since some moment. */
interface CpuTime {
  readonly busyMs: number;
  readonly grantedMs: number;
}

/**
 * Percent of the processors in use since the latest reading: those that the control group grants, or the machine's where there
 * is no quota.
 */
export function createCpuUsage(systemRoot: string): () => Promise<number> {
  const startedAt = performance.now();
  let readAt = startedAt;
  // What had been done before: the first reading is about the time since.
  let before = timeUntil(startedAt);
  let percent = 0;

  async function timeUntil(moment: number): Promise<CpuTime> {
    return (await groupTime(systemRoot, moment - startedAt)) ?? machineTime();
  }

  return async function readCpuUsage() {
    const moment = performance.now();
    if (moment - readAt < MIN_WINDOW_MS) {
      // A reading that has begun is told to whoever asks meanwhile.
      await before;
      return percent;
    }
    readAt = moment;
    const since = await before;
    before = timeUntil(moment);
    const now = await before;
    const granted = now.grantedMs - since.grantedMs;
    if (granted > 0) percent = Math.min(100, Math.max(0, ((now.busyMs - since.busyMs) / granted) * 100));
    return percent;
  };
}

function machineTime(): CpuTime {
  let busyMs = 0;
  let grantedMs = 0;
  for (const { times } of cpus()) {
    const used = times.user + times.nice + times.sys + times.irq;
    busyMs += used;
    grantedMs += used + times.idle;
  }
  return { busyMs, grantedMs };
}

/** Of a container with a quota; of the one with the smallest, where groups lie in groups. */
async function groupTime(systemRoot: string, elapsedMs: number): Promise<CpuTime | undefined> {
  const { cores, usedMs } = (await cpuQuota(systemRoot)) ?? {};
  if (cores === undefined || usedMs === undefined) return undefined;
  return { busyMs: usedMs, grantedMs: elapsedMs * cores };
}
