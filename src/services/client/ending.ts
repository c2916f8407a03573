/** Whether a client still takes calls, and when the last one is done. */
export interface Ending {
  isClosing(): boolean;
  /** Counts the work as under way. */
  during<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Resolves when nothing is under way. */
  readonly close: () => Promise<void>;
  /** Ends of the pauses that are under way; called when it closes. */
  readonly pauses: Set<() => void>;
}

export function createEnding(signal: AbortSignal | undefined): Ending {
  const pauses = new Set<() => void>();
  const whenIdle = new Set<() => void>();
  let isClosing = false;
  let underWay = 0;

  function begin(): void {
    isClosing = true;
    signal?.removeEventListener('abort', begin);
    for (const wake of pauses) wake();
  }

  if (signal?.aborted === true) begin();
  signal?.addEventListener('abort', begin, { once: true });

  return {
    pauses,
    isClosing: () => isClosing,
    async during(work) {
      underWay++;
      try {
        return await work();
      } finally {
        underWay--;
        if (underWay === 0) for (const tell of whenIdle) tell();
      }
    },
    async close() {
      begin();
      if (underWay === 0) return;
      await new Promise<void>((resolve) => {
        whenIdle.add(resolve);
      });
    },
  };
}
