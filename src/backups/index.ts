export type { BackupContents, BackupDrill, BackupFormat, BackupManifest } from './manifest.js';
export { backupManifestPath, readBackupManifest, writeBackupManifest } from './manifest-file.js';
export { readBackups, type FoundBackup } from './read-backups.js';
