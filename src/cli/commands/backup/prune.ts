import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { backupManifestPath, keptBackups, readBackups, type BackupManifest } from '../../../index.js';
import { checkedBackup } from '../../backup/checked-backup.js';
import { inBackupFolder } from '../../backup/folder.js';
import type { ToolCall } from '../../backup/run-tool.js';
import { withBackupFolder, type FolderOptions } from '../../backup/where.js';
import { configured } from '../../database/configured.js';
import { CommandError, EXIT } from '../../exit-codes.js';
import { interruptible } from '../../interruptible.js';
import { said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

interface PruneOptions extends FolderOptions {
  readonly keep?: string;
  readonly archiveWith?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** What goes, what stays, and the backups that vouch for what goes. */
interface Plan {
  readonly goes: readonly BackupManifest[];
  readonly stays: readonly BackupManifest[];
  readonly good: readonly BackupManifest[];
}

export function prune(group: Command, terminal: Terminal): void {
  withBackupFolder(group.command('prune'))
    .description(
      'Removes backups whose time is over, and only those older than one that was verified and is still whole.',
    )
    .option(
      '--keep <rules>',
      'which are kept, e.g. all=30d or daily=7d,weekly=4w,monthly=12mo (default: BACKUP_KEEP)',
      said,
    )
    .option('--archive-with <program>', 'is called with their paths before they go; when it fails, all stay', said)
    .option('--dry-run', 'say what would go, and remove nothing')
    .option('--json', 'one JSON document on standard output')
    .action(async (options: PruneOptions) => {
      const config = await configured(options, terminal);
      const dir = options.dir ?? config.backupDir;
      const keep = options.keep?.split(',').map((rule) => rule.trim()) ?? config.backups.keep;
      const say = (message: string): void => terminal.complain(`${message}\n`);
      await interruptible((signal) =>
        inBackupFolder(dir, say, async () => {
          const plan = await planOf(dir, keep, { config, terminal, signal });
          if (options.dryRun !== true) await carryOut(dir, plan, options, signal);
          await print(plan, terminal, options);
        }),
      );
    });
}

async function planOf(dir: string, keep: readonly string[], call: ToolCall): Promise<Plan> {
  const found = await readBackups(dir);
  for (const { file, problem } of found)
    if (problem !== undefined) call.terminal.complain(`${visible(file)} is left alone: ${problem}\n`);
  const all = found.flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest]));
  const kept = new Set(inOwnWords(() => keptBackups(all, keep, Date.now())));
  const plans: Plan[] = [];
  // Dumps of one database say nothing of another, nor of a copy of the whole server.
  for (const group of new Set(all.map(groupOf))) {
    const own = all.filter((manifest) => groupOf(manifest) === group);
    const good = await newestGood(dir, own, call);
    const isOver = (manifest: BackupManifest): boolean =>
      !kept.has(manifest) && good !== undefined && Date.parse(manifest.createdAt) < Date.parse(good.createdAt);
    plans.push({
      goes: own.filter(isOver),
      stays: own.filter((one) => !isOver(one)),
      good: good === undefined ? [] : [good],
    });
  }
  const allOf = (part: keyof Plan): BackupManifest[] => plans.flatMap((plan) => plan[part]);
  return { goes: allOf('goes'), stays: allOf('stays'), good: allOf('good') };
}

function groupOf({ database, format }: BackupManifest): string {
  return `${format === 'base' ? 'base' : 'dump'} of ${database}`;
}

/** The newest that was restored with success, and is byte for byte what it was then. */
async function newestGood(
  dir: string,
  oldestFirst: readonly BackupManifest[],
  call: ToolCall,
): Promise<BackupManifest | undefined> {
  for (const manifest of [...oldestFirst].reverse()) {
    if (manifest.verifiedAt === undefined) continue;
    try {
      if (manifest.format !== 'base') await checkedBackup(dir, manifest, call);
      return manifest;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      call.terminal.complain(`warning: ${error.message}\n`);
    }
  }
  return undefined;
}

async function carryOut(
  dir: string,
  { goes }: Plan,
  { archiveWith }: PruneOptions,
  signal: AbortSignal,
): Promise<void> {
  if (goes.length === 0) return;
  if (archiveWith !== undefined)
    await archived(
      archiveWith,
      goes.map(({ file }) => join(dir, file)),
    );
  for (const { file } of goes) {
    signal.throwIfAborted();
    // The manifest last: a backup without one would look like one that nobody knows.
    await rm(join(dir, file), { recursive: true, force: true });
    await rm(backupManifestPath(dir, file), { force: true });
  }
}

async function archived(program: string, paths: readonly string[]): Promise<void> {
  const child = spawn(program, [...paths], { stdio: ['ignore', 2, 2] });
  const [code] = (await once(child, 'exit').catch((error: unknown) => [String(error)])) as [number | string | null];
  if (code === 0) return;
  throw new CommandError(visible(`${program} has not taken them (${String(code)}): all backups stay`), EXIT.failed);
}

async function print({ goes, stays, good }: Plan, terminal: Terminal, options: PruneOptions): Promise<void> {
  const verb = options.dryRun === true ? 'would remove' : 'removed';
  const lines = goes.map(({ file }) => `${verb} ${visible(file)}`);
  const why = good.length === 0 ? ': none was verified (backup verify), so none may go' : '';
  const text = [...lines, `${stays.length} kept${why}`].join('\n');
  const names = (manifests: readonly BackupManifest[]): string[] => manifests.map(({ file }) => file);
  await printResult({ terminal, options }, { removed: names(goes), kept: names(stays), verified: names(good) }, text);
}

function inOwnWords<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof Error && error.name === 'ConfigError' ? new CommandError(`--keep ${error.message}`) : error;
  }
}
