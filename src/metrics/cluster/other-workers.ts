import type { MeetingPlace } from './meeting-place.js';
import type { ClusterMetricsSettings } from './options.js';
import { snapshotIn, type Snapshot } from './snapshot.js';
import { callWorker } from './worker-call.js';

/** What all other workers show; one that does not answer is left out and named in the log. */
export async function askWorkers(place: MeetingPlace, settings: ClusterMetricsSettings): Promise<Snapshot[]> {
  const answers = await Promise.all((await place.others()).map((socket) => ask(place, socket, settings)));
  return answers.filter((answer) => answer !== undefined);
}

async function ask(
  place: MeetingPlace,
  socket: string,
  { timeoutMs, logger }: ClusterMetricsSettings,
): Promise<Snapshot | undefined> {
  try {
    return snapshotIn(await callWorker(socket, timeoutMs));
  } catch (error) {
    if (isKilled(error)) await place.tidy(socket);
    else if (!hasLeft(error)) logger.warn({ err: error, socket }, 'A worker did not tell its metrics');
    return undefined;
  }
}

/** Gives the counts to the first worker that takes them. */
export async function handOver(place: MeetingPlace, snapshot: string, settings: ClusterMetricsSettings): Promise<void> {
  for (const socket of await place.others()) {
    try {
      await callWorker(socket, settings.timeoutMs, snapshot);
      return;
    } catch (error) {
      if (isKilled(error) || hasLeft(error) || isLeaving(error)) continue;
      // It may have them already: with a second heir they would count twice.
      settings.logger.warn({ err: error, socket }, 'A worker did not take over the counts of this one');
      return;
    }
  }
}

/** Its socket is there, and nobody listens. */
function isKilled(error: unknown): boolean {
  return codeOf(error) === 'ECONNREFUSED';
}

/** It closed after the folder was read. */
function hasLeft(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function isLeaving(error: unknown): boolean {
  return error instanceof Error && error.message === 'answered 503';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
