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
export function follow(leader: AbortSignal | undefined): Follower {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(leader?.reason);
  };
  if (leader?.aborted === true) abort();
  leader?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => {
      controller.abort(reason);
    },
    end() {
      leader?.removeEventListener('abort', abort);
    },
  };
}
