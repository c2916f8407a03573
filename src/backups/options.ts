import type { Registry } from 'prom-client';
import { isRegistry, isText } from '../core/checks.js';
import { requireOption, resolveOptions } from '../core/options.js';

export interface ObserveBackupsOptions {
  /** Where to show it; required. */
  registry: Registry;
  /** Folder of the backups, e.g. `config.backupDir`; required. One that is not there has no backups. */
  dir: string;
  /**
   * Only the backups of this database count.
   * @default those of every database
   */
  database?: string;
}

export interface ObserveBackupsSettings {
  readonly registry: Registry;
  readonly dir: string;
  readonly database?: string | undefined;
}

export function resolveObserveBackupsOptions(options: ObserveBackupsOptions): ObserveBackupsSettings {
  const checks = { registry: isRegistry, dir: isText, database: isText };
  const { registry, dir, database } = resolveOptions('observeBackups', options, {}, checks);
  requireOption('observeBackups', 'registry', registry, 'createMetrics() makes one');
  requireOption('observeBackups', 'dir', dir, 'say where the backups are');
  return { registry, dir, database };
}
