import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from '../embedded-postgres-error.js';
import { joinedServer } from './joined-server.js';
import { launchedServer } from './launched-server.js';
import { isOurs, runningPostmaster, type Postmaster } from '../folder/postmaster.js';
import type { Place } from '../place.js';
import type { HeldServer } from './server.js';

const LOOK_EVERY_MS = 20;

/** Between a server's being ready and its first holder, or its last holder and its end, lie milliseconds. */
const ORPHAN_AFTER_MS = 1000;

/** The server of this place: the one that runs, or a new one. Whoever starts at the same moment gets the same one. */
export async function heldServer(place: Place): Promise<HeldServer> {
  const { onProgress, startTimeoutMs } = place.settings;
  const deadline = performance.now() + startTimeoutMs;
  let unheldSince: number | undefined;
  for (;;) {
    const running = runningPostmaster(place.dataDir);
    if (running === undefined) {
      onProgress('starting Postgres');
      unheldSince = undefined;
    } else if (running.isReady) {
      unheldSince ??= performance.now();
    }
    const isOrphan = unheldSince !== undefined && performance.now() - unheldSince > ORPHAN_AFTER_MS;
    const server = await (running === undefined ? launchedServer(place, deadline) : joined(place, running, isOrphan));
    if (server !== undefined) return server;
    if (performance.now() > deadline) throw waitedTooLong(place, running);
    await sleep(LOOK_EVERY_MS);
  }
}

function joined(place: Place, running: Postmaster, isOrphan: boolean): HeldServer | undefined {
  if (!running.isReady) return undefined;
  if (!isOurs(running.pid)) {
    throw new EmbeddedPostgresError(
      'ERR_EMBEDDED_POSTGRES_FOLDER',
      `${place.dataDir} is in use by a Postgres that was not started by this package (pid ${String(running.pid)}): ` +
        'stop that one, give another folder, or set DATABASE_URL',
    );
  }
  const server = joinedServer(place, running, isOrphan);
  if (server !== undefined) {
    place.settings.onProgress(`using the Postgres that already runs there (pid ${String(running.pid)})`);
  }
  return server;
}

function waitedTooLong({ dataDir, settings }: Place, running: Postmaster | undefined): EmbeddedPostgresError {
  const what = running === undefined ? 'no server came up' : `the server (pid ${String(running.pid)}) was not ready`;
  return new EmbeddedPostgresError(
    'ERR_EMBEDDED_POSTGRES_START',
    `${what} on ${dataDir} within ${String(settings.startTimeoutMs)} ms: see server.log in that folder`,
  );
}
