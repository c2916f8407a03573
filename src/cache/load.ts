import { TIMED_OUT, withDeadline } from '../core/deadline.js';

/** Makes the value that is not there. The signal is aborted when nobody waits for it any more. */
export type Load<Value> = (signal: AbortSignal) => Value | Promise<Value>;

/** A load did not end within `loadTimeoutMs`. */
export class CacheLoadTimeoutError extends Error {
  override readonly name = 'CacheLoadTimeoutError';
  readonly code = 'ERR_CACHE_LOAD_TIMEOUT';
  constructor(cache: string, timeoutMs: number) {
    super(`loading a value for the cache ${cache} took longer than ${String(timeoutMs)} ms`);
  }
}

export async function loaded<Value>(load: Load<Value>, cache: string, timeoutMs: number): Promise<Value> {
  const controller = new AbortController();
  const work = Promise.resolve(controller.signal).then(load);
  const value = await withDeadline(work, timeoutMs);
  if (value !== TIMED_OUT) return value;
  controller.abort();
  throw new CacheLoadTimeoutError(cache, timeoutMs);
}
