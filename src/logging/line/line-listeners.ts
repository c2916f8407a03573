/** Called with each line as it is written, JSON and redacted, and the number of its level. */
type LineListener = (line: string, level: number) => void;

export interface LineListeners {
  readonly tell: LineListener;
  /** Returns what ends it. */
  readonly add: (listener: LineListener) => () => void;
}

/** Whoever listens to the lines of a logger; nobody costs nothing. */
export function lineListeners(): LineListeners {
  const listeners = new Set<LineListener>();
  return {
    tell(line, level) {
      for (const listener of listeners) {
        try {
          listener(line, level);
        } catch (error) {
          // Neither the line nor the next listener is lost by it, and a line about it would come here again.
          process.emitWarning(error instanceof Error ? error : String(error));
        }
      }
    },
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
