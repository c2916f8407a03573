/** Waiting that can be called off for good. */
export interface Pauses {
  readonly pause: (ms: number) => Promise<void>;
  /** Ends the pause that is under way; there are no more after that. */
  readonly over: () => void;
  readonly isOver: () => boolean;
}

export function createPauses(): Pauses {
  let wake: (() => void) | undefined;
  let areOver = false;
  return {
    pause(ms) {
      if (areOver) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms).unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
    over() {
      areOver = true;
      wake?.();
    },
    isOver: () => areOver,
  };
}
