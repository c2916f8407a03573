import type { LogFields, Logger } from '../../core/logger.js';
import { harmless } from '../pool/harmless.js';

/** One line per text and window. A flood of slow queries is the moment when the log must not become the next problem. */
export interface SlowQueryLog {
  write(query: string, fields: LogFields): void;
  /** Says what is still unsaid, and keeps no timer. */
  close(): void;
}

interface Window {
  readonly timer: NodeJS.Timeout;
  suppressed: number;
}

/** Texts that have a window of their own at the same time; all further ones share one. */
const MAX_WINDOWS = 200;
const OTHER_TEXTS = '(other queries)';

export function createSlowQueryLog(logger: Logger, pool: string, windowMs: number): SlowQueryLog {
  const windows = new Map<string, Window>();

  const end = harmless((query: string): void => {
    const window = windows.get(query);
    windows.delete(query);
    if (window === undefined) return;
    clearTimeout(window.timer);
    const { suppressed } = window;
    if (suppressed > 0) logger.warn({ query, suppressed, windowMs, pool }, 'Slow database queries suppressed');
  });

  return {
    write(query, fields) {
      if (windowMs > 0) {
        const key = windows.has(query) || windows.size < MAX_WINDOWS ? query : OTHER_TEXTS;
        const window = windows.get(key);
        if (window !== undefined) {
          window.suppressed++;
          return;
        }
        windows.set(key, { timer: setTimeout(end, windowMs, key).unref(), suppressed: 0 });
      }
      logger.warn({ query, ...fields, pool }, 'Slow database query detected');
    },
    close() {
      for (const query of [...windows.keys()]) end(query);
    },
  };
}
