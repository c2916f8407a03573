import { keptBackups, type BackupManifest, type FoundBackup } from '../../index.js';
import { CommandError } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { visible } from '../visible.js';

/** What goes, what stays, the backups that vouch for what goes, and those that should have and are not what they were. */
export interface PrunePlan {
  readonly goes: readonly BackupManifest[];
  readonly stays: readonly BackupManifest[];
  readonly good: readonly BackupManifest[];
  readonly damaged: readonly BackupManifest[];
}

/** The plan for these backups; `check` throws a `CommandError` for one that is not what it was when it was verified. */
export async function prunePlan(
  found: readonly FoundBackup[],
  keep: readonly string[],
  terminal: Terminal,
  check: (manifest: BackupManifest) => Promise<unknown>,
): Promise<PrunePlan> {
  for (const { file, problem } of found)
    if (problem !== undefined) terminal.complain(`${visible(file)} is left alone: ${problem}\n`);
  const all = found.flatMap(({ manifest }) => (manifest === undefined ? [] : [manifest]));
  const kept = new Set(inOwnWords(() => keptBackups(all, keep, Date.now())));
  const plans: PrunePlan[] = [];
  // Dumps of one database say nothing of another, nor of a copy of the whole server.
  for (const group of new Set(all.map(groupOf))) {
    const own = all.filter((manifest) => groupOf(manifest) === group);
    const { good, damaged } = await newestGood(own, terminal, check);
    const isOver = (manifest: BackupManifest): boolean =>
      !kept.has(manifest) && good !== undefined && Date.parse(manifest.createdAt) < Date.parse(good.createdAt);
    plans.push({
      goes: own.filter(isOver),
      stays: own.filter((one) => !isOver(one)),
      good: good === undefined ? [] : [good],
      damaged,
    });
  }
  const allOf = (part: keyof PrunePlan): BackupManifest[] => plans.flatMap((plan) => plan[part]);
  return { goes: allOf('goes'), stays: allOf('stays'), good: allOf('good'), damaged: allOf('damaged') };
}

function groupOf({ database, format }: BackupManifest): string {
  return `${format === 'base' ? 'base' : 'dump'} of ${database}`;
}

/** The newest that was restored with success and is byte for byte what it was then, and the newer ones that are not. */
async function newestGood(
  oldestFirst: readonly BackupManifest[],
  terminal: Terminal,
  check: (manifest: BackupManifest) => Promise<unknown>,
): Promise<{ good?: BackupManifest; damaged: BackupManifest[] }> {
  const damaged: BackupManifest[] = [];
  for (const manifest of [...oldestFirst].reverse()) {
    if (manifest.verifiedAt === undefined) continue;
    try {
      await check(manifest);
      return { good: manifest, damaged };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      damaged.push(manifest);
      terminal.complain(`warning: ${error.message}\n`);
    }
  }
  return { damaged };
}

function inOwnWords<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof Error && error.name === 'ConfigError' ? new CommandError(`--keep ${error.message}`) : error;
  }
}
