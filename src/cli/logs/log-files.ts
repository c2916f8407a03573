import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Terminal } from '../terminal.js';

const STANDARD_INPUT = '-';

/** The files that are meant: those that are named; else standard input, and where a person types the service's own log. */
export async function logFiles(
  named: readonly string[],
  { rotated }: { readonly rotated?: true },
  terminal: Terminal,
): Promise<readonly string[]> {
  const files = named.length > 0 ? named : [terminal.isInteractive ? ownLog(terminal) : STANDARD_INPUT];
  if (rotated !== true) return files;
  return (await Promise.all(files.map(withRotated))).flat();
}

function ownLog({ env }: Terminal): string {
  return join(env.LOG_DIR ?? 'logs', 'app.log');
}

/** Before the file what rotation has put aside beside it (`app.log.2.gz`, `app.log-20241106`), the oldest first. */
async function withRotated(file: string): Promise<string[]> {
  if (file === STANDARD_INPUT) return [file];
  const [folder, name] = [dirname(file), basename(file)];
  const names = (await readdir(folder)).filter(
    (other) => other.startsWith(name) && /^[.-]./.test(other.slice(name.length)),
  );
  const aged = await Promise.all(names.map((other) => agedFile(join(folder, other))));
  return [
    ...aged
      .flat()
      .sort((one, other) => one.at - other.at)
      .map(({ path }) => path),
    file,
  ];
}

/** Nothing where rotation has just given it another name. */
async function agedFile(path: string): Promise<{ readonly path: string; readonly at: number }[]> {
  try {
    return [{ path, at: (await stat(path)).mtimeMs }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
