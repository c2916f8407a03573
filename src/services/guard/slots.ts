/** Why nobody gets a slot. */
export type NoSlot = 'full' | 'late' | 'left';

export interface Slots {
  /** Resolves when one is free, in the order of asking; else with the reason. */
  take(timeoutMs: number, signal: AbortSignal): Promise<NoSlot | undefined>;
  free(): void;
  readonly taken: () => number;
}

/** At most `max` at a time; `maxQueued` more may wait. Whoever gives up leaves the queue at once. */
export function createSlots(max: number, maxQueued: number): Slots {
  let taken = 0;
  const waiting = new Set<(reason?: NoSlot) => void>();

  function wait(timeoutMs: number, signal: AbortSignal): Promise<NoSlot | undefined> {
    return new Promise((resolve) => {
      const leave = (): void => {
        settle('left');
      };
      const timer = setTimeout(() => {
        settle('late');
      }, timeoutMs);
      timer.unref();
      const settle = (reason?: NoSlot): void => {
        waiting.delete(settle);
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        resolve(reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.add(settle);
    });
  }

  return {
    async take(timeoutMs, signal) {
      if (signal.aborted) return 'left';
      if (taken < max) {
        taken++;
        return undefined;
      }
      return waiting.size < maxQueued ? wait(timeoutMs, signal) : 'full';
    },
    free() {
      const [next] = waiting;
      // Handed on: nobody who comes now is faster.
      if (next === undefined) taken--;
      else next();
    },
    taken: () => taken,
  };
}
