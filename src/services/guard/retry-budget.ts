/** Retries that may be made at once, before calls have earned any. */
const MAX_SAVED = 10;

export interface RetryBudget {
  /** A call is made: it earns a part of a retry. */
  earn(): void;
  /** Whether one more retry may be made. */
  spend(): boolean;
}

/**
 * Bounds retries by the calls that there are: a service that is down gets `1 + ratio` times its traffic and not a multiple of
 * it (Google, Site Reliability Engineering, "Handling Overload").
 */
export function createRetryBudget(ratio: number): RetryBudget {
  let saved = ratio === 0 ? 0 : MAX_SAVED;
  return {
    earn() {
      saved = Math.min(MAX_SAVED, saved + ratio);
    },
    spend() {
      if (saved < 1) return false;
      saved--;
      return true;
    },
  };
}
