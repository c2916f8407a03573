/** What becomes of lines while the reader of standard output does not read. */
export const STALL_POLICIES = ['drop', 'wait'] as const;

/** @useDeclaredType */
export type StallPolicy = (typeof STALL_POLICIES)[number];

const MAX_PAUSE_MS = 20;
const MAX_BUDGET_MS = 1_000;
// A reader that is always a little too slow may cost a tenth of the time.
const REFILL = 0.1;

/**
 * How long a process waits for the reader of a full pipe: for ever, or a second at a time and a tenth of the time. That is
 * long enough for a reader that is busy, and short enough that one which has stopped costs lines and not requests.
 */
export interface Patience {
  /** Tries until it succeeds or patience ends; says which. The process does nothing else meanwhile. */
  waitFor(attempt: () => boolean): boolean;
}

export function patience(policy: StallPolicy): Patience {
  let budgetMs = policy === 'wait' ? Infinity : MAX_BUDGET_MS;
  let refilledAt = performance.now();

  return {
    waitFor(attempt) {
      const startedAt = performance.now();
      budgetMs = Math.min(policy === 'wait' ? Infinity : MAX_BUDGET_MS, budgetMs + (startedAt - refilledAt) * REFILL);
      let waitedMs = 0;
      let isDone = false;
      for (let pauseMs = 1; !isDone && waitedMs < budgetMs; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
        sleep(pauseMs);
        isDone = attempt();
        waitedMs = performance.now() - startedAt;
      }
      refilledAt = startedAt + waitedMs;
      budgetMs -= waitedMs;
      return isDone;
    },
  };
}

/** Blocks: there is no other way to wait before the caller goes on. */
export function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
