import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { backupManifestPath, readBackups, type BackupManifest } from '../../../index.js';
import { archived } from '../../archived.js';
import { verifyBase } from '../../backup/base/verify-base.js';
import { checkedBackup } from '../../backup/checked-backup.js';
import { inBackupFolder } from '../../backup/folder.js';
import { prunePlan, type PrunePlan } from '../../backup/prune-plan.js';
import type { ToolCall } from '../../backup/run-tool.js';
import { checkedCopy } from '../../backup/s3/checked-copy.js';
import { placeOf, withStorage, type StorageOptions } from '../../backup/s3/place.js';
import { remoteBackups, removeRemote } from '../../backup/s3/remote-backups.js';
import { withBackupFolder, type FolderOptions } from '../../backup/where.js';
import { configured } from '../../database/configured.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { interruptible } from '../../interruptible.js';
import { said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

interface PruneOptions extends FolderOptions, StorageOptions {
  readonly in?: string;
  readonly keep?: string;
  readonly archiveWith?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

interface PruneCall extends ToolCall {
  readonly options: PruneOptions;
}

export function prune(group: Command, terminal: Terminal): void {
  withStorage(withBackupFolder(group.command('prune')))
    .description(
      'Removes backups whose time is over, and only those older than one that was verified and is still whole.',
    )
    .option(
      '--keep <rules>',
      'which are kept, e.g. all=30d or daily=7d,weekly=4w,monthly=12mo (default: BACKUP_KEEP)',
      said,
    )
    .option('--archive-with <program>', 'is called with their paths before they go; when it fails, all stay', said)
    .option('--in <url>', 'the copies at s3://bucket/prefix instead; those verified there vouch for them', said)
    .option('--dry-run', 'say what would go, and remove nothing')
    .option('--json', 'one JSON document on standard output')
    .action(async (options: PruneOptions) => {
      const config = await configured(options, terminal);
      const dir = options.dir ?? config.backupDir;
      const keep = options.keep?.split(',').map((rule) => rule.trim()) ?? config.backups.keep;
      const say = (message: string): void => terminal.complain(`${message}\n`);
      const plan = await interruptible((signal) => {
        const call = { config, terminal, signal, options };
        if (options.in !== undefined) return prunedCopies(options.in, keep, call);
        return inBackupFolder(dir, say, () => prunedFolder(dir, keep, call));
      });
      await print(plan, terminal, options);
    });
}

async function prunedFolder(dir: string, keep: readonly string[], call: PruneCall): Promise<PrunePlan> {
  const plan = await prunePlan(await readBackups(dir), keep, call.terminal, (manifest) =>
    manifest.format === 'base' ? verifyBase(join(dir, manifest.file), call) : checkedBackup(dir, manifest, call),
  );
  if (call.options.dryRun !== true) await carryOut(dir, plan, call.options, call.signal);
  return plan;
}

/** The copy that vouches for the others is read from end to end: what the storage says of it is not believed. */
async function prunedCopies(url: string, keep: readonly string[], call: PruneCall): Promise<PrunePlan> {
  if (call.options.archiveWith !== undefined) throw new CommandError('--archive-with is for files: not with --in');
  const place = placeOf(url, call);
  const found = await remoteBackups(place, call.signal);
  const plan = await prunePlan(found, keep, call.terminal, (manifest) => checkedCopy(place, manifest, call));
  if (call.options.dryRun === true) return plan;
  for (const { file } of plan.goes) await removeRemote(place, file, call.signal);
  return plan;
}

async function carryOut(
  dir: string,
  { goes }: PrunePlan,
  { archiveWith }: PruneOptions,
  signal: AbortSignal,
): Promise<void> {
  if (goes.length === 0) return;
  if (archiveWith !== undefined)
    await archived(
      archiveWith,
      goes.map(({ file }) => join(dir, file)),
      'backups',
    );
  for (const { file } of goes) {
    signal.throwIfAborted();
    // The manifest last: a backup without one would look like one that nobody knows.
    await rm(join(dir, file), { recursive: true, force: true });
    await rm(backupManifestPath(dir, file), { force: true });
  }
}

async function print(plan: PrunePlan, terminal: Terminal, options: PruneOptions): Promise<void> {
  const { goes, stays, good, damaged } = plan;
  const verb = options.dryRun === true ? 'would remove' : 'removed';
  const lines = goes.map(({ file }) => `${verb} ${visible(file)}`);
  const nobody = damaged.length > 0 ? 'that was verified is still whole' : 'was verified (backup verify)';
  const why = good.length === 0 ? `: none ${nobody}, so none may go` : '';
  const text = [...lines, `${stays.length} kept${why}`].join('\n');
  const names = (manifests: readonly BackupManifest[]): string[] => manifests.map(({ file }) => file);
  const result = { removed: names(goes), kept: names(stays), verified: names(good), damaged: names(damaged) };
  await printResult({ terminal, options }, result, text);
  if (damaged.length > 0) terminal.exitCode = EXIT.findings;
}
