/** serialization_failure and deadlock_detected: the server has rolled back, and another try may succeed. */
const REPEATABLE = new Set(['40001', '40P01']);
/** Query builders wrap what pg throws. */
const MAX_CAUSES = 5;

/** Whether the server itself says that the same work may be tried again. */
export function isRepeatable(error: unknown): boolean {
  let at = error;
  for (let depth = 0; depth < MAX_CAUSES && at instanceof Error; depth++) {
    if (REPEATABLE.has((at as { code?: string }).code ?? '')) return true;
    at = at.cause;
  }
  return false;
}

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1000;

/**
 * Anything from 0 to a bound that doubles: those who collided must not meet again.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function pauseMs(attempt: number): number {
  return Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
}

/** How many repetitions a pool has in hand: a database in trouble gets at most twice the work. */
export interface RetryBudget {
  /** Whether one may be made; takes it. */
  take(): boolean;
  /** A transaction was committed, which pays for one repetition. */
  earn(): void;
}

const FULL_BUDGET = 100;

export function createRetryBudget(): RetryBudget {
  let left = FULL_BUDGET;
  return {
    take() {
      if (left === 0) return false;
      left--;
      return true;
    },
    earn() {
      left = Math.min(FULL_BUDGET, left + 1);
    },
  };
}
