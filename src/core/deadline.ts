/** The longest time a Node timer keeps; anything above fires after 1 ms (https://nodejs.org/api/timers.html#settimeoutcallback-delay-args). */
export const MAX_TIMER_MS = 2 ** 31 - 1;

export const TIMED_OUT = Symbol('timed out');

/**
 * What `work` settles to, or `TIMED_OUT` when that takes longer than `timeoutMs`. The timer does not keep the process
 * alive and is cleared either way; a rejection that comes too late goes to `onLate` and is never unhandled.
 */
export async function withDeadline<T>(
  work: PromiseLike<T>,
  timeoutMs: number,
  onLate?: (error: unknown) => void,
): Promise<T | typeof TIMED_OUT> {
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  const observed = Promise.resolve(work).catch((error: unknown): typeof TIMED_OUT => {
    if (!isLate) throw error;
    onLate?.(error);
    return TIMED_OUT;
  });
  const deadline = new Promise<typeof TIMED_OUT>((resolve) => {
    timer = setTimeout(() => {
      // When the event loop was blocked, what arrived in time is read only after its timers have run.
      setImmediate(() => {
        isLate = true;
        resolve(TIMED_OUT);
      });
    }, timeoutMs);
    timer.unref();
  });
  try {
    return await Promise.race([observed, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
