import { join } from 'node:path';
import type { Command } from 'commander';
import { verifyBase } from '../../backup/base/verify-base.js';
import { chosenBackup, withManifest } from '../../backup/chosen-backup.js';
import { checkedContent, restored } from '../../backup/restored.js';
import { localBackup, updateRemote } from '../../backup/s3/fetch-backup.js';
import { withStorage, type StorageOptions } from '../../backup/s3/place.js';
import { inScratchDatabase } from '../../backup/scratch.js';
import { updateManifest } from '../../backup/update-manifest.js';
import { withFolder, type FolderOptions } from '../../backup/where.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { EXIT } from '../../exit-codes.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

interface VerifyOptions extends FolderOptions, StorageOptions {
  readonly owner?: boolean;
}

export function verify(group: Command, terminal: Terminal): void {
  const command = withStorage(withFolder(group.command('verify')))
    .description(
      'Restores a backup into a scratch database of the server, and compares schema and row counts with its manifest.',
    )
    .argument('[backup]', 'latest, the name of a backup, the path of one, or s3://bucket/prefix/file (default: latest)')
    .option('--no-owner', 'everything belongs to who restores: for a server without the roles of the dump');
  onDatabase<VerifyOptions>(command, terminal, run);
}

async function run(call: DatabaseCall<VerifyOptions>): Promise<void> {
  const { args, options, config } = call;
  const dir = options.dir ?? config.backupDir;
  const given = args[0] ?? 'latest';
  const chosen = withManifest(await chosenBackup(dir, await localBackup(given, call, dir)));
  if (chosen.manifest.format === 'base') return verifyCopy(call, chosen);
  const content = await checkedContent(chosen, call);
  const found = await inScratchDatabase(call, (database, pool) =>
    restored(chosen, content, { database, pool, noOwner: options.owner === false }, call),
  );
  const isGood = found.differences.length === 0;
  const verifiedAt = new Date().toISOString();
  if (isGood) {
    await updateManifest(chosen.dir, chosen.manifest, { verifiedAt });
    await updateRemote(given, call, dir);
  } else call.terminal.exitCode = EXIT.findings;
  const words = `${visible(chosen.file)} ${isGood ? 'is good: it was restored' : 'was restored, and is not good'}`;
  await printResult(call, { file: chosen.file, isGood, differences: found.differences }, `${words}\n${found.text}`);
}

/** A copy of a whole server is compared byte by byte with the list in it; backup pitr recover also starts one. */
async function verifyCopy(call: DatabaseCall, { dir, file, manifest }: ReturnType<typeof withManifest>): Promise<void> {
  await verifyBase(join(dir, file), call);
  await updateManifest(dir, manifest, { verifiedAt: new Date().toISOString() });
  const words = `${visible(file)} is good: every byte is what the server had sent`;
  await printResult(call, { file, isGood: true, differences: [] }, words);
}
