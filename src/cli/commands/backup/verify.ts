import type { Command } from 'commander';
import { chosenBackup, withManifest } from '../../backup/chosen-backup.js';
import { checkedContent, restored } from '../../backup/restored.js';
import { inScratchDatabase } from '../../backup/scratch.js';
import { updateManifest } from '../../backup/update-manifest.js';
import { withFolder, type FolderOptions } from '../../backup/where.js';
import { onDatabase, type DatabaseCall } from '../../database/on-database.js';
import { EXIT } from '../../exit-codes.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

interface VerifyOptions extends FolderOptions {
  readonly owner?: boolean;
}

export function verify(group: Command, terminal: Terminal): void {
  const command = withFolder(group.command('verify'))
    .description(
      'Restores a backup into a scratch database of the server, and compares schema and row counts with its manifest.',
    )
    .argument('[backup]', 'latest, the name of a backup, or the path of one (default: latest)')
    .option('--no-owner', 'everything belongs to who restores: for a server without the roles of the dump');
  onDatabase<VerifyOptions>(command, terminal, run);
}

async function run(call: DatabaseCall<VerifyOptions>): Promise<void> {
  const { args, options, config } = call;
  const chosen = withManifest(await chosenBackup(options.dir ?? config.backupDir, args[0] ?? 'latest'));
  const content = await checkedContent(chosen, call);
  const found = await inScratchDatabase(call, (database, pool) =>
    restored(chosen, content, { database, pool, noOwner: options.owner === false }, call),
  );
  const isGood = found.differences.length === 0;
  const verifiedAt = new Date().toISOString();
  if (isGood) await updateManifest(chosen.dir, chosen.manifest, { verifiedAt });
  else call.terminal.exitCode = EXIT.findings;
  const words = `${visible(chosen.file)} ${isGood ? 'is good: it was restored' : 'was restored, and is not good'}`;
  await printResult(call, { file: chosen.file, isGood, differences: found.differences }, `${words}\n${found.text}`);
}
