import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing } from './failures.js';
import type { ObjectStoreSettings } from './options.js';

const MAX_DELAY_MS = 20_000;

/** Tries again what may succeed a moment later; what the last attempt threw is thrown. */
export async function withAttempts<Result>(
  settings: ObjectStoreSettings,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (attempt >= settings.attempts || !isPassing(error)) throw error;
    }
    await pause(settings, attempt, signal);
  }
}

/** A random share of a time that doubles: clients that failed together do not come back together. */
export async function pause(
  { retryDelayMs }: ObjectStoreSettings,
  attempt: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const longestMs = Math.min(MAX_DELAY_MS, retryDelayMs * 2 ** (attempt - 1));
  await sleep(Math.random() * longestMs, undefined, { signal });
}
