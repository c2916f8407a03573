export {
  parseBackupManifest,
  type BackupContents,
  type BackupDrill,
  type BackupFormat,
  type BackupManifest,
} from './manifest.js';
export { backupManifestPath, readBackupManifest, writeBackupManifest } from './manifest-file.js';
export { readBackups, type FoundBackup } from './read-backups.js';
export { keptBackups } from './kept-backups.js';
export { observeBackups } from './observe-backups.js';
export type { ObserveBackupsOptions } from './options.js';
