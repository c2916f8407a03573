import { statfs } from 'node:fs/promises';
import { isBoolean, isFunction, isText } from '../../../core/checks.js';
import type { HealthCheck } from '../../../core/health-check.js';
import { resolveOptions } from '../../../core/options.js';
import { inGigabytes } from './byte-size.js';
import { demandOrder, isPercent, usageResult } from './usage-level.js';

export interface DiskReading {
  readonly totalBytes: number;
  readonly usedBytes: number;
  /** What a process that is not root may still write. */
  readonly availableBytes: number;
}

export interface DiskCheckOptions {
  /**
   * Any path on the file system in question.
   * @default the working directory
   */
  path?: string;
  /**
   * Percent used above which the disk counts as degraded.
   * @default 85
   */
  warnPercent?: number;
  /**
   * Percent used above which the level is critical.
   * @default 95
   */
  criticalPercent?: number;
  /**
   * Whether the critical level takes the service out of traffic.
   * @default false
   */
  critical?: boolean;
  /**
   * Where the numbers come from.
   * @default `statfs`
   */
  read?: (path: string) => DiskReading | Promise<DiskReading>;
}

export const DISK_CHECK_DEFAULTS = Object.freeze({
  warnPercent: 85,
  criticalPercent: 95,
  critical: false,
  read: readDisk,
});

/** Compares the used space of a file system with its size, as `df` does: what is reserved for root counts on neither side. */
export function diskCheck(options?: DiskCheckOptions): HealthCheck {
  const settings = resolveOptions('diskCheck', options, DISK_CHECK_DEFAULTS, {
    path: isText,
    warnPercent: isPercent,
    criticalPercent: isPercent,
    critical: isBoolean,
    read: isFunction,
  });
  demandOrder('diskCheck', options, settings);
  const path = settings.path ?? process.cwd();
  return {
    name: 'diskSpace',
    critical: settings.critical,
    async run() {
      const { totalBytes, usedBytes, availableBytes } = await settings.read(path);
      const usable = usedBytes + availableBytes;
      // Some virtual file systems have no size at all.
      const percent = usable === 0 ? 0 : (usedBytes / usable) * 100;
      const details = { free: inGigabytes(availableBytes), total: inGigabytes(totalBytes) };
      return usageResult(percent, settings, 'Disk usage above threshold', details);
    },
  };
}

async function readDisk(path: string): Promise<DiskReading> {
  const { bsize, blocks, bfree, bavail } = await statfs(path);
  return { totalBytes: blocks * bsize, usedBytes: (blocks - bfree) * bsize, availableBytes: bavail * bsize };
}
