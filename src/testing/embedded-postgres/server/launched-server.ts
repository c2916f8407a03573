import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline } from '../../../core/deadline.js';
import { runAs } from '../installation/account.js';
import { EmbeddedPostgresError } from '../embedded-postgres-error.js';
import { freePort } from './free-port.js';
import { joinHolders, openHolders, removeFormerHolders } from '../folder/holders.js';
import type { EmbeddedPostgresSettings } from '../options.js';
import { CLUSTER_NAME, readPidFile, type Postmaster } from '../folder/postmaster.js';
import { openServerLog } from './server-log.js';
import type { Place } from '../place.js';
import type { HeldServer } from './server.js';
import { removeStalePidFile } from '../folder/stale-pid-file.js';
import { startWatchdog } from './watchdog.js';

const LOOK_EVERY_MS = 10;
const FORCED_END_MS = 10_000;

// In English, because lc_messages is C: another instance was first, or the last processes of the former one are still ending.
const IS_TAKEN = /lock file|still in use/;
const PORT_IS_TAKEN = 'could not bind';

/**
 * Starts the server and holds it. Nothing when another instance was first or something stood in the way that passes:
 * then it is time to look again. `deadline` is on the clock of `performance.now()`.
 */
export async function launchedServer(place: Place, deadline: number): Promise<HeldServer | undefined> {
  const { dataDir, settings } = place;
  removeStalePidFile(dataDir, place.holder);
  const log = openServerLog(dataDir);
  try {
    const child = spawnServer(place, settings.port ?? (await freePort()), log.fd);
    if (child.pid === undefined) throw startError(String(await once(child, 'error')));
    const callOffWatchdog = startWatchdog({ ...place, pid: child.pid });
    const postmaster = await readyPostmaster(child, dataDir, deadline);
    if (postmaster !== undefined && isHeld(postmaster, place)) return described(child, postmaster, callOffWatchdog);

    callOffWatchdog();
    if (postmaster !== undefined) return undefined;
    if (isRunning(child)) {
      child.kill('SIGQUIT');
      await withDeadline(once(child, 'exit'), FORCED_END_MS);
      throw startError(`not ready after ${String(settings.startTimeoutMs)} ms: ${log.tail()}`);
    }
    if (mayPass(log.tail(), settings) && performance.now() < deadline) return undefined;
    throw startError(log.tail());
  } finally {
    log.close();
  }
}

/** Detached: a Ctrl-C in the terminal must not take the database away before the application has drained. */
function spawnServer({ bin, dataDir, account, settings }: Place, port: number, log: number): ChildProcess {
  const flags = Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    lc_messages: 'C',
    max_connections: 100,
    shared_buffers: '32MB',
    log_checkpoints: 'off',
    // synchronous_commit stays on: without it a server that is killed loses what it committed last.
    ...(settings.durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
    ...settings.settings,
    port,
    cluster_name: CLUSTER_NAME,
  }).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`]);
  return spawn(join(bin, 'postgres'), ['-D', dataDir, ...flags], {
    ...runAs(account, dataDir),
    detached: true,
    stdio: ['ignore', 'ignore', log],
  });
}

/** Nothing when the process ended before, or took too long. The pid file says "ready", not the log. */
async function readyPostmaster(
  child: ChildProcess,
  dataDir: string,
  deadline: number,
): Promise<Postmaster | undefined> {
  while (isRunning(child) && performance.now() < deadline) {
    const postmaster = readPidFile(dataDir);
    if (postmaster?.pid === child.pid && postmaster?.isReady === true) return postmaster;
    await sleep(LOOK_EVERY_MS);
  }
  return undefined;
}

/** Joined instead of opened when we were so slow after the start that somebody took the server for an orphan. */
function isHeld(postmaster: Postmaster, { dataDir, holder }: Place): boolean {
  removeFormerHolders(dataDir, postmaster);
  return openHolders(dataDir, postmaster, holder) || joinHolders(dataDir, postmaster, holder);
}

function described(child: ChildProcess, postmaster: Postmaster, callOffWatchdog: () => void): HeldServer {
  child.unref();
  return {
    postmaster,
    isShared: false,
    exit: new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    }),
    isRunning: () => isRunning(child),
    release: callOffWatchdog,
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** A port that was asked for is not swapped for another one. */
function mayPass(said: string, { port }: EmbeddedPostgresSettings): boolean {
  return IS_TAKEN.test(said) || (port === undefined && said.includes(PORT_IS_TAKEN));
}

function startError(said: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError('ERR_EMBEDDED_POSTGRES_START', `Postgres did not start: ${said}`);
}
