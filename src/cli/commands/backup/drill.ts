import type { Command } from 'commander';
import type { ObservedPool } from '../../../postgres/index.js';
import { chosenBackup, withManifest } from '../../backup/chosen-backup.js';
import type { Comparison } from '../../backup/compared.js';
import { bytesText } from '../../backup/progress.js';
import { checkedContent, restored } from '../../backup/restored.js';
import { localBackup, updateRemote } from '../../backup/s3/fetch-backup.js';
import { withStorage, type StorageOptions } from '../../backup/s3/place.js';
import { createDatabase, inScratchDatabase } from '../../backup/scratch.js';
import { durationText } from '../../backup/duration-text.js';
import { updateManifest } from '../../backup/update-manifest.js';
import { withFolder, type FolderOptions } from '../../backup/where.js';
import { onDatabase, onOtherDatabase, type DatabaseCall } from '../../database/on-database.js';
import { EXIT } from '../../exit-codes.js';
import { said } from '../../option-values.js';
import { printResult } from '../../print-result.js';
import type { Terminal } from '../../terminal.js';
import { visible } from '../../visible.js';

interface DrillOptions extends FolderOptions, StorageOptions {
  readonly into?: string;
  readonly owner?: boolean;
}

type DrillCall = DatabaseCall<DrillOptions>;

/** What the drill found, with the times that it is held against. */
interface Report {
  readonly file: string;
  readonly startedAt: string;
  readonly ageSeconds: number;
  readonly rpoSeconds: number;
  readonly checkMs: number;
  readonly restoreMs: number;
  readonly totalMs: number;
  readonly rtoSeconds: number;
  readonly differences: readonly string[];
  readonly isGood: boolean;
}

export function drill(group: Command, terminal: Terminal): void {
  const command = withStorage(withFolder(group.command('drill')))
    .description(
      'Rehearses the restore of a backup: times it, and compares with BACKUP_RTO, BACKUP_RPO and its manifest.',
    )
    .argument('[backup]', 'latest, the name of a backup, the path of one, or s3://bucket/prefix/file (default: latest)')
    .option(
      '--into <database>',
      'a new database of this name, which stays to be looked at (default: a scratch one)',
      said,
    )
    .option('--no-owner', 'everything belongs to who restores: for a server without the roles of the dump');
  onDatabase<DrillOptions>(command, terminal, run);
}

async function run(call: DrillCall): Promise<void> {
  const { args, options, config } = call;
  const dir = options.dir ?? config.backupDir;
  const given = args[0] ?? 'latest';
  // Fetching it is part of what a disaster takes.
  const startedAt = new Date();
  const chosen = withManifest(await chosenBackup(dir, await localBackup(given, call, dir)));
  const content = await checkedContent(chosen, call);
  const checkMs = Date.now() - startedAt.getTime();
  const found = await inDrillDatabase(call, (database, pool) =>
    restored(chosen, content, { database, pool, noOwner: options.owner === false }, call),
  );
  const totalMs = Date.now() - startedAt.getTime();
  const { rpoSeconds, rtoSeconds } = config.backups;
  // What was written after the dump began is not in it.
  const ageSeconds = Math.round((startedAt.getTime() - Date.parse(chosen.manifest.startedAt)) / 1000);
  const { differences } = found;
  const isGood = differences.length === 0 && totalMs <= rtoSeconds * 1000 && ageSeconds <= rpoSeconds;
  const times = { checkMs, restoreMs: totalMs - checkMs, totalMs };
  const at = startedAt.toISOString();
  const report = {
    file: chosen.file,
    startedAt: at,
    ageSeconds,
    rpoSeconds,
    ...times,
    rtoSeconds,
    differences,
    isGood,
  };
  if (differences.length === 0) {
    const now = new Date().toISOString();
    await updateManifest(chosen.dir, chosen.manifest, {
      verifiedAt: now,
      drill: { at: now, restoreMs: times.restoreMs, totalMs },
    });
    await updateRemote(given, call, dir);
  }
  await printResult(
    call,
    report,
    reportText(report, `${chosen.manifest.format}, ${bytesText(chosen.manifest.sizeBytes)}`, found),
  );
  if (!isGood) call.terminal.exitCode = EXIT.findings;
}

function inDrillDatabase(
  call: DrillCall,
  work: (database: string, pool: ObservedPool) => Promise<Comparison>,
): Promise<Comparison> {
  const { into } = call.options;
  if (into === undefined) return inScratchDatabase(call, work);
  return createDatabase(call.pool, into).then(() => onOtherDatabase(call, into, (pool) => work(into, pool)));
}

function reportText(report: Report, about: string, found: Comparison): string {
  const { file, ageSeconds, rpoSeconds, checkMs, restoreMs, totalMs, rtoSeconds, isGood } = report;
  return [
    `drill of ${visible(file)} (${about})`,
    `  age      ${held(ageSeconds, rpoSeconds, 'RPO')}`,
    `  restore  ${held(totalMs / 1000, rtoSeconds, 'RTO')}: check ${durationText(checkMs / 1000)}, restore and comparison ${durationText(restoreMs / 1000)}`,
    `  contents ${found.text}`,
    isGood ? 'the drill has succeeded' : 'the drill has failed',
  ].join('\n');
}

function held(seconds: number, limitSeconds: number, name: string): string {
  const verdict = seconds <= limitSeconds ? 'within' : 'LONGER THAN';
  return `${durationText(seconds)}, ${verdict} the ${name} of ${durationText(limitSeconds)}`;
}
