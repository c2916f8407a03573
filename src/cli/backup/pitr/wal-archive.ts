import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CommandError, EXIT } from '../../exit-codes.js';
import { visible } from '../../visible.js';

/** Timeline, log and segment, each as eight hexadecimal digits: XLogFileName() of PostgreSQL. */
const SEGMENT = /^[0-9A-F]{24}$/;
const LOG_BYTES = 2 ** 32;

/**
 * The archive_command for a folder: says yes again for a file that is there already, and gives a file its name only when it is
 * whole and on disk (https://www.postgresql.org/docs/current/continuous-archiving.html).
 */
export function archiveCommand(folder: string): string {
  const [target, partial] = [shellQuoted(folder, '/%f'), shellQuoted(folder, '/%f.partial')];
  const copy = `cp %p ${partial} && sync ${partial} && mv ${partial} ${target}`;
  return `cmp -s %p ${target} || { test ! -e ${target} && ${copy}; }`;
}

export function restoreCommand(folder: string): string {
  return `cp ${shellQuoted(folder, '/%f')} "%p"`;
}

/** For postgresql.conf, where a quote stands twice. */
export function settingText(name: string, value: string): string {
  return `${name} = '${value.replaceAll("'", "''")}'`;
}

/** The WAL segments of an archive, in order. */
export async function archivedSegments(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => SEGMENT.test(name)).sort();
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new CommandError(
      visible(`cannot read the WAL archive ${folder} (${code}): --wal names another`),
      EXIT.failed,
    );
  }
}

/** The first segment that is needed after a base backup and is away, though later ones are there. */
export async function missingSegment(base: string, archive: readonly string[]): Promise<string | undefined> {
  const label = await readFile(join(base, 'backup_label'), 'utf8').catch(() => '');
  const [, first = ''] = /^START WAL LOCATION: .*\(file ([0-9A-F]{24})\)$/m.exec(label) ?? [];
  if (first === '')
    throw new CommandError(visible(`${base} is no base backup: there is no backup_label in it`), EXIT.failed);
  const own = (await readdir(join(base, 'pg_wal'))).filter((name) => SEGMENT.test(name));
  const { size } = await stat(join(base, 'pg_wal', own[0] ?? first));
  const timeline = first.slice(0, 8);
  const there = new Set([...own, ...archive]);
  const last = archive.filter((name) => name.startsWith(timeline)).at(-1) ?? first;
  for (let name = first; name < last; name = nextSegment(name, size)) if (!there.has(name)) return name;
  return undefined;
}

/** The gap in an archive by itself; the oldest of it may have been cleaned away. */
export async function gapIn(folder: string, archive: readonly string[]): Promise<string | undefined> {
  const newest = archive.at(-1);
  if (newest === undefined) return undefined;
  const { size } = await stat(join(folder, newest));
  const there = new Set(archive);
  const ofTimeline = archive.filter((name) => name.slice(0, 8) === newest.slice(0, 8));
  for (let name = ofTimeline[0] ?? newest; name < newest; name = nextSegment(name, size))
    if (!there.has(name)) return name;
  return undefined;
}

function nextSegment(name: string, size: number): string {
  const perLog = LOG_BYTES / size;
  const [log, segment] = [Number.parseInt(name.slice(8, 16), 16), Number.parseInt(name.slice(16), 16)];
  const next = segment + 1 < perLog ? [log, segment + 1] : [log + 1, 0];
  return name.slice(0, 8) + next.map((part) => part.toString(16).toUpperCase().padStart(8, '0')).join('');
}

/** In single quotes nothing means anything to a POSIX shell but the quote itself; a percent sign means something to PostgreSQL. */
function shellQuoted(folder: string, rest: string): string {
  const path = resolve(folder).replaceAll('%', '%%');
  return `'${path.replaceAll("'", `'\\''`)}${rest}'`;
}
