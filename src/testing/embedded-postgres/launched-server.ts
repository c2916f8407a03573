import { spawn, type ChildProcess } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account.js';
import { runAs } from './data-folder.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { freePort } from './free-port.js';
import { openHolders, removeFormerHolders } from './holders.js';
import type { EmbeddedPostgresSettings } from './options.js';
import { CLUSTER_NAME, pidFileOf, readPidFile, type Postmaster } from './postmaster.js';
import type { EmbeddedPostgresExit, Server } from './server.js';
import { openServerLog } from './server-log.js';
import { startWatchdog } from './watchdog.js';

/** Everything about one place that starting a server on it needs. */
export interface Launch {
  readonly bin: string;
  readonly dataDir: string;
  readonly isTemporary: boolean;
  readonly account: Account | undefined;
  readonly holder: string;
  readonly settings: EmbeddedPostgresSettings;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
}

// lc_messages is C, so these are the words: another instance was first, its last process is still ending, its port was taken.
const WORTH_ANOTHER_LOOK = /lock file|still in use|could not bind/;

/** Nothing when another instance was first, or something went that passes: look again. */
export async function launchedServer(launch: Launch): Promise<Server | undefined> {
  const { dataDir, settings } = launch;
  removeStalePidFile(dataDir);
  const log = openServerLog(dataDir);
  try {
    const port = settings.port ?? (await freePort());
    const child = spawnServer(launch, port, log.fd);
    const exit = exitOf(child);
    if (child.pid === undefined) throw startError((await exit).error?.message ?? 'no process');
    const callOffWatchdog = startWatchdog({ ...launch, pid: child.pid });
    const postmaster = await readyPostmaster(child, launch.deadline, dataDir);
    if (postmaster !== undefined) return holdLaunched(child, exit, postmaster, launch, callOffWatchdog);

    callOffWatchdog();
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGQUIT');
      throw startError(`not ready in ${String(settings.startTimeoutMs)} ms: ${log.tail()}`);
    }
    if (!WORTH_ANOTHER_LOOK.test(log.tail()) || performance.now() > launch.deadline || portIsTaken(settings, log.tail()))
      throw startError(log.tail() || `exit ${String(child.exitCode ?? child.signalCode)}`);
    return undefined;
  } finally {
    log.close();
  }
}
