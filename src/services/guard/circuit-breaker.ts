export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitSpec {
  /** Share of failed attempts, from 0 to 1, from which on it opens. */
  readonly failureRatio: number;
  /** Attempts that there must be before a share means anything. */
  readonly minCalls: number;
  readonly windowMs: number;
  readonly openMs: number;
  readonly now: () => number;
  readonly onChange: (state: CircuitState) => void;
}

/** The right to make one attempt. Exactly one of the three is called when it has ended. */
export interface Permit {
  succeeded(): void;
  failed(): void;
  /** The caller left: that says nothing about the service. */
  dropped(): void;
}

export interface Circuit {
  readonly state: () => CircuitState;
  /** A permit, or the milliseconds after which to ask again. */
  admit(): Permit | number;
}

const SLICES = 10;
/** What a caller is told who comes while the one trial is under way. */
const TRIAL_WAIT_MS = 1000;

/**
 * Stops asking a service that fails too often, and tries one single call after `openMs`: its success closes the circuit, its
 * failure opens it anew. Who comes meanwhile is refused at once. Not cockatiel's: that has callers wait for the trial without
 * regard to their signal, which it then drops, and knows no clock but `Date.now`.
 */
export function createCircuit({ failureRatio, minCalls, windowMs, openMs, now, onChange }: CircuitSpec): Circuit {
  let state: CircuitState = 'closed';
  let openUntil = 0;
  let isTrying = false;
  // What ends after the circuit changed belongs to a time that is over.
  let era = 0;
  const window = slidingWindow(windowMs);

  function change(to: CircuitState): void {
    state = to;
    era++;
    isTrying = false;
    window.clear();
    if (to === 'open') openUntil = now() + openMs;
    onChange(to);
  }

  function permit(): Permit {
    const begun = era;
    const ended = (tell: () => void) => (): void => {
      if (begun === era) tell();
    };
    if (state === 'half-open') {
      isTrying = true;
      return {
        succeeded: ended(() => {
          change('closed');
        }),
        failed: ended(() => {
          change('open');
        }),
        dropped: ended(() => {
          isTrying = false;
        }),
      };
    }
    return {
      succeeded: ended(() => window.add(now(), false)),
      failed: ended(() => {
        window.add(now(), true);
        const { calls, failures } = window.sums(now());
        if (calls >= minCalls && failures >= calls * failureRatio) change('open');
      }),
      dropped: () => undefined,
    };
  }

  return {
    state: () => state,
    admit() {
      if (state === 'open') {
        const waitMs = openUntil - now();
        if (waitMs > 0) return waitMs;
        change('half-open');
      }
      return isTrying ? TRIAL_WAIT_MS : permit();
    },
  };
}

interface SlidingWindow {
  add(at: number, isFailure: boolean): void;
  sums(at: number): { calls: number; failures: number };
  clear(): void;
}

/** Counts of the latest `windowMs`, in slices, so that it costs the same whatever the load. */
function slidingWindow(windowMs: number): SlidingWindow {
  const slices = new Map<number, { calls: number; failures: number }>();
  const numberAt = (at: number): number => Math.floor(at / (windowMs / SLICES));
  const forgetUntil = (oldest: number): void => {
    for (const number of slices.keys()) if (number <= oldest) slices.delete(number);
  };
  return {
    add(at, isFailure) {
      const number = numberAt(at);
      let slice = slices.get(number);
      if (slice === undefined) {
        forgetUntil(number - SLICES);
        slice = { calls: 0, failures: 0 };
        slices.set(number, slice);
      }
      slice.calls++;
      if (isFailure) slice.failures++;
    },
    sums(at) {
      forgetUntil(numberAt(at) - SLICES);
      const sum = { calls: 0, failures: 0 };
      for (const { calls, failures } of slices.values()) {
        sum.calls += calls;
        sum.failures += failures;
      }
      return sum;
    },
    clear() {
      slices.clear();
    },
  };
}
