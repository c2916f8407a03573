import { readBackupManifest, writeBackupManifest, type BackupManifest } from '../../index.js';

/** Adds to the manifest as it is now: another command may have added something meanwhile. */
export async function updateManifest(
  dir: string,
  manifest: BackupManifest,
  added: Partial<BackupManifest>,
): Promise<void> {
  const now = await readBackupManifest(dir, manifest.file);
  // Changed or removed under our hands: nothing more is to be said of that backup.
  if (typeof now !== 'string' && now.sha256 === manifest.sha256) await writeBackupManifest(dir, { ...now, ...added });
}
