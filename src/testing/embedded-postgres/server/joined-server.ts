import { joinHolders, leaveHolders, openHolders } from '../folder/holders.js';
import { isStillRunning, type Postmaster } from '../folder/postmaster.js';
import type { Place } from '../place.js';
import type { EmbeddedPostgresExit, HeldServer } from './server.js';
import { startWatchdog } from './watchdog.js';

const LOOK_EVERY_MS = 250;

/**
 * Holds a server that another process has started. Nothing when that server is about to stop.
 * `isOrphan`: whoever should have held or stopped it was killed before; it becomes ours.
 */
export function joinedServer(place: Place, postmaster: Postmaster, isOrphan: boolean): HeldServer | undefined {
  const { dataDir, holder } = place;
  if (!joinHolders(dataDir, postmaster, holder)) {
    if (!isOrphan || !openHolders(dataDir, postmaster, holder)) return undefined;
  }
  const isRunning = (): boolean => isStillRunning(dataDir, postmaster);
  if (!isRunning()) {
    // It ended between our look and our joining.
    leaveHolders(dataDir, postmaster, holder);
    return undefined;
  }
  const callOffWatchdog = startWatchdog({ ...place, pid: postmaster.pid });
  const { exit, forget } = whenGone(isRunning);
  return {
    postmaster,
    isShared: true,
    exit,
    isRunning,
    release: () => {
      forget();
      callOffWatchdog();
    },
  };
}

/** Nobody tells us of the end of a process that is not our child. `forget` looks for the last time. */
function whenGone(isRunning: () => boolean): { exit: Promise<EmbeddedPostgresExit>; forget: () => void } {
  let settle: (exit: EmbeddedPostgresExit) => void;
  const exit = new Promise<EmbeddedPostgresExit>((resolve) => (settle = resolve));
  const look = (): void => {
    if (isRunning()) return;
    clearInterval(timer);
    settle({ code: null, signal: null });
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  const forget = (): void => {
    look();
    clearInterval(timer);
  };
  return { exit, forget };
}
