import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { OpenAnswers, OpenRequest } from './open-answers.js';
import type { TrackedServer } from './tracked-server.js';

/** Often enough that nobody waits for it, rarely enough to cost nothing. */
const LOOK_EVERY_MS = 25;

export interface Drained {
  /** Requests that were under way at the deadline. */
  readonly cut: readonly OpenRequest[];
  /** Connections without a request that were closed before it. */
  readonly closedQuiet: number;
}

interface Draining {
  readonly servers: readonly TrackedServer[];
  readonly answers: OpenAnswers;
  /** Work outside of requests that is under way; waited for, but not ours to cut. */
  workCount: () => number;
}

/**
 * Stops listening and waits until every request is answered, all work over and every connection gone. `deadline` is asked again and
 * again, as a crash may bring it forward; what is left then is cut.
 */
export async function drain(
  { servers, answers, workCount }: Draining,
  graceMs: number,
  deadline: () => number,
): Promise<Drained> {
  const startedAt = performance.now();
  let closedQuiet = 0;
  for (const server of servers) server.stopListening();
  while (answers.count() > 0 || workCount() > 0 || servers.some((server) => !server.isClosed())) {
    const left = deadline() - performance.now();
    if (left <= 0) return { cut: await cut(servers, answers), closedQuiet };
    await sleep(Math.min(LOOK_EVERY_MS, left));
    // What arrived while the loop was busy is read between timers and this turn: only then is a connection known to be quiet.
    await nextTurn();
    for (const server of servers) {
      closedQuiet += server.closeQuiet(graceMs);
      // Those that were there before the server was handed to us.
      if (performance.now() - startedAt >= graceMs) server.server.closeIdleConnections();
    }
  }
  return { cut: [], closedQuiet };
}

/** Waits a few turns for the ends of what it cut: their log lines come with them, and the log is closed soon after. */
async function cut(servers: readonly TrackedServer[], answers: OpenAnswers): Promise<OpenRequest[]> {
  const open = answers.list();
  answers.cut();
  for (const server of servers) server.closeAll();
  for (let turn = 0; turn < 10 && answers.count() > 0; turn++) await nextTurn();
  return open;
}
