import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds for which a scrape may keep the requests of the service waiting. */
const MAX_BLOCK_MS = 4;

/** Lets the event loop have a turn whenever that much time has gone since its last one. */
export function breather(): () => Promise<void> | undefined {
  let turnAt = performance.now();
  return () => {
    if (performance.now() - turnAt < MAX_BLOCK_MS) return undefined;
    return nextTurn().then(() => {
      turnAt = performance.now();
    });
  };
}
