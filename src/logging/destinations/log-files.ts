import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '../../core/config-error.js';
import type { Destination } from './destination.js';
import { linkedDestination } from './linked-destination.js';
import { sonicDestination } from './sonic-destination.js';

/** The files of a service: everything, what went wrong, the requests, and what must be known for years. */
export interface LogFiles {
  readonly app?: Destination;
  readonly error?: Destination;
  readonly access?: Destination;
  readonly audit?: Destination;
}

export interface LogFolders {
  readonly dir?: string;
  readonly appFile: string;
  readonly auditDir?: string;
}

// Not `.log`: what rotates or deletes logs by that ending (`find … -name "*.log" -mtime +7 -delete`) leaves it alone.
const AUDIT_FILE = 'audit.jsonl';
// What commands and people look for, whatever the service calls it.
const USUAL_APP_FILE = 'app.log';

/** Creates folders that are not there. Refuses one that cannot be written. */
export function openLogFiles({ dir, appFile, auditDir }: LogFolders): LogFiles {
  const auditFolder = auditDir ?? (dir === undefined ? undefined : join(dir, 'audit'));
  return {
    ...(dir === undefined
      ? {}
      : {
          app: openApp(dir, appFile),
          error: open('dir', dir, 'error.log'),
          access: open('dir', dir, 'access.log'),
        }),
    ...(auditFolder === undefined ? {} : { audit: open('auditDir', auditFolder, AUDIT_FILE) }),
  };
}

function openApp(dir: string, name: string): Destination {
  const file = open('dir', dir, name);
  return name === USUAL_APP_FILE ? file : linkedDestination(file, join(dir, name), USUAL_APP_FILE);
}

function open(option: 'dir' | 'auditDir', folder: string, name: string): Destination {
  try {
    makeFolder(folder);
    // A file never makes its writer wait.
    return sonicDestination(join(folder, name), name, 'drop');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const problem = `must be a folder that can be written: ${reason}`;
    throw new ConfigError('ERR_OPTION_INVALID', `createLogger.${option}`, problem);
  }
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
