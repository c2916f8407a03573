import { symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Destination } from './destination.js';

/**
 * The same file under a second name: a symbolic link beside it, made again at each reopening, for what deletes old logs takes
 * it for one. logrotate and Filebeat pass links by, so nothing is rotated or shipped twice.
 */
export function linkedDestination(destination: Destination, path: string, name: string): Destination {
  const link = (): void => linkBeside(path, name);
  link();
  return {
    write: (line) => destination.write(line),
    reopen() {
      destination.reopen();
      link();
    },
    close: () => destination.close(),
    dropped: () => destination.dropped(),
  };
}

function linkBeside(path: string, name: string): void {
  try {
    symlinkSync(basename(path), join(dirname(path), name));
  } catch (error) {
    // There already: made by another process, or something of the owner's, which is not ours to replace.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    process.emitWarning(`${name} cannot be linked to ${path}: ${String(error)}`, 'LogDestinationWarning');
  }
}
