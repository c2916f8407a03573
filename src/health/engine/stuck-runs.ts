// A check that ignores its signal may hold a connection for as long as its dependency is frozen.
const MAX_STUCK_RUNS = 3;
const FORGET_AFTER_MS = 30_000;

/** Counts the runs of a check that were given up and have not ended. */
export interface StuckRuns {
  /** Whether there are so many that another run would only join them. */
  areTooMany(): boolean;
  add(leftOver: Promise<void>): void;
}

/**
 * A frozen dependency must not collect one hanging call for each probe. A run that never ends is forgotten after 30 s, so
 * that a check recovers even when its lost calls never come back.
 */
export function createStuckRuns(now: () => number): StuckRuns {
  const stuck = new Set<{ readonly since: number }>();
  return {
    areTooMany() {
      const time = now();
      for (const run of stuck) if (Math.abs(time - run.since) >= FORGET_AFTER_MS) stuck.delete(run);
      return stuck.size >= MAX_STUCK_RUNS;
    },
    add(leftOver) {
      const run = { since: now() };
      stuck.add(run);
      void leftOver.then(() => stuck.delete(run));
    },
  };
}
