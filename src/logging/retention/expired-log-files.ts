import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveExpiredLogFilesOptions, type ExpiredLogFilesOptions } from './options.js';

const DAY_MS = 86_400_000;

/** A log file that was put aside, and whose time is over. */
export interface ExpiredLogFile {
  readonly path: string;
  /** When its last line was written, ISO 8601. */
  readonly lastWrittenAt: string;
}

/**
 * Which log files have had their time, oldest first: those that rotation has put aside (`app.log.3.gz`, `error.log-20261020`) and
 * that were last written longer ago than their kind is kept. Files in use, links and everything else are left out. Nothing is
 * removed. A folder that is not there has none; otherwise rejects with the error of `node:fs`.
 *
 * Throws `ConfigError` for wrong options.
 *
 * @example
 * for (const { path } of await expiredLogFiles({ dir: '/var/log/builder-api' }, Date.now())) await rm(path);
 */
export async function expiredLogFiles(options: ExpiredLogFilesOptions, nowMs: number): Promise<ExpiredLogFile[]> {
  const { dir, appFile, auditDir = join(dir, 'audit'), ...days } = resolveExpiredLogFilesOptions(options);
  const logs = new Map([
    ['app.log', days.appDays],
    [appFile, days.appDays],
    ['access.log', days.appDays],
    ['error.log', days.errorDays],
  ]);
  const found = [
    ...(await expiredIn(dir, logs, nowMs)),
    ...(await expiredIn(auditDir, new Map([['audit.jsonl', days.auditDays]]), nowMs)),
  ];
  return found.sort((one, other) => Date.parse(one.lastWrittenAt) - Date.parse(other.lastWrittenAt));
}

async function expiredIn(dir: string, days: ReadonlyMap<string, number>, nowMs: number): Promise<ExpiredLogFile[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const expired: ExpiredLogFile[] = [];
  for (const name of names) {
    const kept = daysOf(name, days);
    if (kept === undefined) continue;
    const path = join(dir, name);
    // Gone meanwhile: rotation has renamed it.
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isFile() !== true || stats.mtimeMs >= nowMs - kept * DAY_MS) continue;
    expired.push({ path, lastWrittenAt: stats.mtime.toISOString() });
  }
  return expired;
}

/** How long a file of this name is kept; nothing for one that is in use or none of ours. */
function daysOf(name: string, days: ReadonlyMap<string, number>): number | undefined {
  if (days.has(name)) return undefined;
  // The longest name: an application's file may be called `error`.
  const [base] = [...days.keys()]
    .filter((one) => name.startsWith(`${one}.`) || name.startsWith(`${one}-`))
    .sort((one, other) => other.length - one.length);
  return base === undefined ? undefined : days.get(base);
}
