import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readBackupManifest, readBackups, type BackupManifest } from '../../index.js';
import { CommandError, EXIT } from '../exit-codes.js';
import { visible } from '../visible.js';

export interface ChosenBackup {
  readonly dir: string;
  readonly file: string;
  /** Without one there is nothing to compare with. */
  readonly manifest?: BackupManifest;
}

/** The backup that a person means: `latest`, a name in the folder, or a path to one elsewhere. */
export async function chosenBackup(
  dir: string,
  given: string,
  { isManifestNeeded }: { isManifestNeeded: boolean } = { isManifestNeeded: true },
): Promise<ChosenBackup> {
  if (given === 'latest') return latestOf(dir);
  const isInFolder = basename(given) === given && (await isThere(join(dir, given)));
  const folder = isInFolder ? dir : dirname(given);
  const file = basename(given);
  if (!(await isThere(join(folder, file)))) throw refused(`there is no backup ${given}, nor ${join(dir, given)}`);
  const manifest = await readBackupManifest(folder, file);
  if (typeof manifest !== 'string') return { dir: folder, file, manifest };
  if (!isManifestNeeded && manifest === 'there is no manifest') return { dir: folder, file };
  const cure = 'it cannot be told whether it is whole and what it should hold';
  throw refused(
    `${join(folder, file)} is not trusted: ${manifest}; ${cure}. --without-manifest takes one that never had one`,
  );
}

/** The newest dump that is as its manifest says, by its size at least. */
async function latestOf(dir: string): Promise<ChosenBackup> {
  const found = await readBackups(dir).catch((error: unknown) => {
    throw refused(`cannot read the folder ${dir} (${String((error as NodeJS.ErrnoException).code)})`);
  });
  const dumps = found.filter(({ manifest }) => manifest !== undefined && manifest.format !== 'base');
  const newest = dumps[dumps.length - 1];
  if (newest?.manifest === undefined) throw refused(`there is no backup in ${dir}`);
  return { dir, file: newest.file, manifest: newest.manifest };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function refused(message: string): CommandError {
  return new CommandError(visible(message), EXIT.failed);
}

/** For what compares with the manifest: it is there, since it was needed. */
export function withManifest(chosen: ChosenBackup): ChosenBackup & { readonly manifest: BackupManifest } {
  if (chosen.manifest === undefined) throw refused(`${chosen.file} has no manifest`);
  return { ...chosen, manifest: chosen.manifest };
}
