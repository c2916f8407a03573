import { isBoolean, isFunction, isText, isTimeMs } from '../../../core/checks.js';
import type { CheckResult, HealthCheck } from '../../../core/health-check.js';
import { resolveOptions } from '../../../core/options.js';
import { createCpuReader, type CpuReading } from './cpu-reading.js';
import { createHold } from './hold.js';
import { demandOrder, isLoadPercent, usageResult } from './usage-level.js';

export interface CpuCheckOptions {
  /**
   * Percent of the processors above which the load counts as degraded, once it has lasted `holdMs`.
   * @default 70
   */
  warnPercent?: number;
  /**
   * Percent of the processors above which the level is critical, once it has lasted `holdMs`.
   * @default 90
   */
  criticalPercent?: number;
  /**
   * Milliseconds for which every look must have found the load above a bound before it counts; 0 for at once.
   * @default 30000
   */
  holdMs?: number;
  /**
   * Whether the critical level takes the service out of traffic.
   * @default false
   */
  critical?: boolean;
  /**
   * Folder that stands for `/` where the quota of the control groups is read.
   * @default '/'
   */
  systemRoot?: string;
  /**
   * Where the numbers come from.
   * @default load average, or the container's own time where a quota or an affinity limits it
   */
  read?: () => CpuReading | Promise<CpuReading>;
  /**
   * Milliseconds of a clock.
   * @default `Date.now`
   */
  now?: () => number;
}

export const CPU_CHECK_DEFAULTS = Object.freeze({
  warnPercent: 70,
  criticalPercent: 90,
  holdMs: 30_000,
  critical: false,
  systemRoot: '/',
  now: Date.now,
});

/** Compares the work with the processors it may use. A peak is no fault: only what lasts is reported. */
export function cpuCheck(options?: CpuCheckOptions): HealthCheck {
  const settings = resolveOptions('cpuCheck', options, CPU_CHECK_DEFAULTS, {
    warnPercent: isLoadPercent,
    criticalPercent: isLoadPercent,
    holdMs: isTimeMs(0),
    critical: isBoolean,
    systemRoot: isText,
    read: isFunction,
    now: isFunction,
  });
  demandOrder('cpuCheck', options, settings);
  const read = settings.read ?? createCpuReader(settings.systemRoot);
  const warn = createHold(settings.warnPercent, settings.holdMs);
  const critical = createHold(settings.criticalPercent, settings.holdMs);

  return {
    name: 'cpu',
    critical: settings.critical,
    async run(): Promise<CheckResult> {
      const { busyCores, cores } = await read();
      const percent = (busyCores / cores) * 100;
      const time = settings.now();
      const held = { warn: warn(percent, time), critical: critical(percent, time) };
      const bounds = {
        critical: settings.critical,
        warnPercent: held.warn ? settings.warnPercent : Infinity,
        criticalPercent: held.critical ? settings.criticalPercent : Infinity,
      };
      return usageResult(percent, bounds, 'CPU usage above threshold', { load: rounded(busyCores), cores });
    },
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
