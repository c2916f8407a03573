import type { Command } from 'commander';
import { archiveFolders, withArchive, type ArchiveOptions } from '../../../backup/pitr/archive-folder.js';
import { recover as recoverTo, type RecoveryReport } from '../../../backup/pitr/recover.js';
import { recoveryTarget, type RecoveryTarget } from '../../../backup/pitr/target-time.js';
import { configured, withConfigSource } from '../../../database/configured.js';
import { interruptible } from '../../../interruptible.js';
import { said } from '../../../option-values.js';
import { printResult } from '../../../print-result.js';
import type { Terminal } from '../../../terminal.js';
import { visible } from '../../../visible.js';

interface RecoverOptions extends ArchiveOptions {
  readonly to: RecoveryTarget;
  readonly into: string;
  readonly base?: string;
  readonly prepareOnly?: true;
  readonly json?: true;
}

const EXPLAINED = `
The recovery is done on this machine, by a server of the same version on a port of its own; the running one is not touched. What
is left is a folder to start whenever it is wanted, with archive_mode off, so that its history does not get among the other one's.`;

export function recover(group: Command, terminal: Terminal): void {
  withArchive(withConfigSource(group.command('recover')))
    .description('Makes a data folder with the state of a moment, and proves it by starting it.')
    .requiredOption(
      '--to <time>',
      'the moment: "2024-11-06 12:00:00" on the clock here, 2024-11-06T12:00:00Z, or latest',
      recoveryTarget,
    )
    .requiredOption('--into <folder>', 'the new data folder', said)
    .option('--base <folder>', 'the base backup (default: the newest from before that moment)', said)
    .option('--prepare-only', 'leave the recovery to the first start of the server')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', EXPLAINED)
    .action(async (options: RecoverOptions) => {
      const config = await configured(options, terminal);
      const { to, into, base, prepareOnly } = options;
      const folders = archiveFolders(options, config.backupDir);
      const isOnlyPrepared = prepareOnly === true;
      const report = await interruptible((signal) =>
        recoverTo({ terminal, config, signal, to, into, base, isOnlyPrepared, ...folders }),
      );
      await printResult({ terminal, options }, report, textOf(report));
    });
}

function textOf({ dataDir, base, to, recovered, tookMs }: RecoveryReport): string {
  const from = `from ${visible(base)} in ${(tookMs / 1000).toFixed(1)} s`;
  const start = `start it: pg_ctl -D ${visible(dataDir)} start`;
  if (recovered === undefined) return `prepared for ${to} ${from}; it recovers when it is started\n${start}`;
  const last = recovered.lastTransactionAt ?? 'none after the base backup';
  return `recovered to ${to} ${from}\nlast transaction: ${last}\ndatabases: ${visible(recovered.databases.join(', '))}\n${start}`;
}
