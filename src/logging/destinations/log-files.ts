import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '../../core/config-error.js';
import type { Destination } from './destination.js';
import { sonicDestination } from './sonic-destination.js';

/** The files of a log folder: everything, what went wrong, and the requests. */
export interface LogFiles {
  readonly app: Destination;
  readonly error: Destination;
  readonly access: Destination;
}

/** Creates the folder when it is not there. Refuses one that cannot be written. */
export function openLogFiles(dir: string): LogFiles {
  const open = (name: string): Destination => {
    try {
      makeFolder(dir);
      return sonicDestination(join(dir, name), name);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigError(
        'ERR_OPTION_INVALID',
        'createLogger.dir',
        `must be a folder that can be written: ${reason}`,
      );
    }
  };
  return { app: open('app.log'), error: open('error.log'), access: open('access.log') };
}

/** One level at a time: `mkdir` with `recursive` runs for ever where the system refuses a name, as in /proc (Node 20). */
function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  makeFolder(dirname(resolve(dir)));
  try {
    mkdirSync(dir);
  } catch (error) {
    // Made by another process in the meantime.
    if (!existsSync(dir)) throw error;
  }
}
