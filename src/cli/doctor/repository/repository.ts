import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** The files of the service. */
export interface Repository {
  readonly dir: string;
  /** Paths relative to `dir` whose whole path matches, in order; what is installed, built or hidden is left out. */
  paths(pattern: RegExp): Promise<string[]>;
  /** The text of a file, or nothing when it is not there. */
  text(path: string): Promise<string | undefined>;
  /** The same for a file that may lie in a folder above, up to the root of the repository: lock files, `.gitignore`. */
  above(name: string): Promise<{ readonly path: string; readonly text: string } | undefined>;
}

const LEFT_OUT = new Set(['node_modules', 'dist', 'build', 'coverage', 'logs', 'backups', 'test', 'tests']);
/** Of a folder that is no repository of a service, such as a home. */
const MAX_FILES = 5_000;
const MAX_DEPTH = 6;
const MAX_BYTES = 1_000_000;

export function repositoryIn(dir: string): Repository {
  let listed: Promise<string[]> | undefined;
  const text = (path: string): Promise<string | undefined> => textOf(join(dir, path));
  return {
    dir,
    text,
    async paths(pattern) {
      return (await (listed ??= filesBelow(dir))).filter((path) => pattern.test(path));
    },
    async above(name) {
      for (let folder = dir; ; folder = dirname(folder)) {
        const found = await textOf(join(folder, name), Infinity);
        if (found !== undefined) return { path: relative(dir, join(folder, name)), text: found };
        if (dirname(folder) === folder || (await exists(join(folder, '.git')))) return undefined;
      }
    },
  };
}

async function filesBelow(dir: string): Promise<string[]> {
  const found: string[] = [];
  const folders = [{ path: '', depth: 0 }];
  for (let folder = folders.shift(); folder !== undefined && found.length < MAX_FILES; folder = folders.shift()) {
    const { path, depth } = folder;
    // A folder that may not be read holds nothing of the service.
    const entries = await readdir(join(dir, path), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const name = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isFile()) found.push(name);
      const isOurs = !LEFT_OUT.has(entry.name) && !/^\.(?!github$)/.test(entry.name);
      if (entry.isDirectory() && isOurs && depth < MAX_DEPTH) folders.push({ path: name, depth: depth + 1 });
    }
  }
  return found.sort();
}

async function textOf(path: string, maxBytes = MAX_BYTES): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > maxBytes) return undefined;
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR' || code === 'EACCES') return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
