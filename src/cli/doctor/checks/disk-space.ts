import { resolve } from 'node:path';
import { diskCheck, DISK_CHECK_DEFAULTS } from '../../../index.js';
import { check } from '../doctor-check.js';
import { fail, ok, warn, type Finding } from '../finding.js';

const CURE = 'df -h, then express-runbook backup prune and docs/log-files.md: rotation and retention';

export const diskSpace = check({
  id: 'disk.space',
  title: 'room on the disks of the service, its logs and its backups',
  needs: ['repository', 'settings'],
  async run({ repository, settings, signal }) {
    const { log, backupDir, health } = settings;
    const places = new Map([['.', 'the working directory']]);
    if (log.dir !== undefined) places.set(log.dir, 'LOG_DIR');
    places.set(backupDir, 'BACKUP_DIR');
    const found = [...places].map(([path, name]) =>
      findingOf(name, resolve(repository.dir, path), health.diskThresholdPercent, signal),
    );
    return (await Promise.all(found)).flat();
  },
});

async function findingOf(name: string, path: string, warnPercent: number, signal: AbortSignal): Promise<Finding[]> {
  const criticalPercent = Math.max(warnPercent, DISK_CHECK_DEFAULTS.criticalPercent);
  const disk = diskCheck({ path, warnPercent, criticalPercent, critical: true });
  try {
    const { status, details } = (await disk.run(signal)) ?? { status: 'up' };
    const says = `${name} is on a disk with ${String(details?.free)} of ${String(details?.total)} free`;
    if (status === 'down') return [fail(says, CURE)];
    return [status === 'degraded' ? warn(`${says}, beyond ${warnPercent} %`, CURE) : ok(says)];
  } catch (error) {
    // A folder that is not made yet needs no room.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
