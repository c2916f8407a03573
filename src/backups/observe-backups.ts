import { gauge } from '../instruments/instruments.js';
import type { BackupManifest } from './manifest.js';
import { resolveObserveBackupsOptions, type ObserveBackupsOptions, type ObserveBackupsSettings } from './options.js';
import { readBackups } from './read-backups.js';

/** What is shown of all backups together. A time is 0 while there is none: its age is beyond every limit then. */
const GAUGES: readonly { name: string; help: string; valueOf: (backups: readonly BackupManifest[]) => number }[] = [
  {
    name: 'backup_last_success_timestamp_seconds',
    help: 'When the newest backup was whole, in seconds since 1970; 0 when there is none.',
    valueOf: (backups) => newest(backups, ({ createdAt }) => createdAt),
  },
  {
    name: 'backup_last_verified_timestamp_seconds',
    help: 'When a backup was last restored and had the contents of its database, in seconds since 1970; 0 for never.',
    valueOf: (backups) => newest(backups, ({ verifiedAt }) => verifiedAt),
  },
  {
    name: 'backup_last_drill_timestamp_seconds',
    help: 'When a restore was last rehearsed with success, in seconds since 1970; 0 for never.',
    valueOf: (backups) => newest(backups, ({ drill }) => drill?.at),
  },
  {
    name: 'backup_last_drill_duration_seconds',
    help: 'How long that restore took, from the check of the backup to the comparison.',
    valueOf: (backups) => (latestDrill(backups)?.totalMs ?? 0) / 1000,
  },
  {
    name: 'backup_size_bytes',
    help: 'Size of the newest backup.',
    valueOf: (backups) => backups[backups.length - 1]?.sizeBytes ?? 0,
  },
  {
    name: 'backup_duration_seconds',
    help: 'How long the newest backup took.',
    valueOf: (backups) => durationSeconds(backups[backups.length - 1]),
  },
];

/**
 * Shows in metrics when the last backup was made, verified and rehearsed, by what the manifests in its folder say: timestamps,
 * not ages, so that they are right at every moment. Manifests that cannot be believed do not count. The folder is read at each
 * scrape; one that cannot be read counts in `metrics_collector_errors_total`.
 *
 * @example
 * observeBackups({ registry: metrics.registry, dir: config.backupDir });
 */
export function observeBackups(options: ObserveBackupsOptions): void {
  const settings = resolveObserveBackupsOptions(options);
  for (const { name, help, valueOf } of GAUGES) {
    gauge(settings.registry, {
      name,
      help,
      // Every worker of a cluster reads the same folder.
      aggregator: 'max',
      async collect() {
        this.set(valueOf(await believable(settings)));
      },
    });
  }
}

async function believable({ dir, database }: ObserveBackupsSettings): Promise<BackupManifest[]> {
  const found = await readBackups(dir).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return found
    .flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest]))
    .filter((manifest) => database === undefined || manifest.database === database);
}

function newest(backups: readonly BackupManifest[], timeOf: (backup: BackupManifest) => string | undefined): number {
  const times = backups.map(timeOf).flatMap((time) => (time === undefined ? [] : [Date.parse(time) / 1000]));
  return Math.max(0, ...times);
}

function latestDrill(backups: readonly BackupManifest[]): BackupManifest['drill'] {
  const drills = backups.flatMap(({ drill }) => (drill === undefined ? [] : [drill]));
  return drills.sort((one, other) => Date.parse(one.at) - Date.parse(other.at))[drills.length - 1];
}

function durationSeconds(backup: BackupManifest | undefined): number {
  return backup === undefined ? 0 : (Date.parse(backup.createdAt) - Date.parse(backup.startedAt)) / 1000;
}
