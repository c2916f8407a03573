/** Calls back when the signal is aborted; gives what takes that back. */
export type OnAbort = (signal: AbortSignal, tell: () => void) => () => void;

export interface Follower {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** Leaves the leader alone. Called when the work has ended. */
  end(): void;
}

/**
 * A signal that is aborted with another one, until it ends. Not `AbortSignal.any`: on Node 20 a leader that lives as long as
 * the process keeps every signal that was made of it (https://github.com/nodejs/node/issues/54614).
 */
export function follow(leader: AbortSignal | undefined, onAbort: OnAbort = sharedListeners()): Follower {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(leader?.reason);
  };
  if (leader?.aborted === true) abort();
  const leave = leader === undefined ? undefined : onAbort(leader, abort);
  return {
    signal: controller.signal,
    abort: (reason) => {
      controller.abort(reason);
    },
    end() {
      leave?.();
    },
  };
}

/** One listener on a signal however many wait for it: Node warns of a leak when there are more than ten. */
export function sharedListeners(): OnAbort {
  const waitingFor = new WeakMap<AbortSignal, { tells: Set<() => void>; listener: () => void }>();

  function listen(signal: AbortSignal) {
    const tells = new Set<() => void>();
    const listener = (): void => {
      for (const tell of tells) tell();
    };
    signal.addEventListener('abort', listener, { once: true });
    const entry = { tells, listener };
    waitingFor.set(signal, entry);
    return entry;
  }

  return (signal, tell) => {
    const { tells, listener } = waitingFor.get(signal) ?? listen(signal);
    tells.add(tell);
    return () => {
      tells.delete(tell);
      if (tells.size > 0) return;
      signal.removeEventListener('abort', listener);
      waitingFor.delete(signal);
    };
  };
}
