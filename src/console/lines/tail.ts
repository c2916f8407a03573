import type { LogBatch } from '../wire/index.js';
import { lineTest, type LineFilter } from './line-filter.js';
import type { KeptLine } from './line-ring.js';
import { lineView } from './line-view.js';
import type { Logs } from './logs.js';

/** The lines that somebody wants to see, as they come. */
export interface Tail {
  /** What came since the last time, or nothing. */
  take(): LogBatch | undefined;
  close(): void;
}

/** Of one time; what comes faster nobody can read. */
const MAX_BATCH = 200;

/** Begins with those of the latest lines that match. */
export function createTail(logs: Logs, filter: LineFilter): Tail {
  const isWanted = lineTest(filter);
  let waiting: KeptLine[] = logs.recent().filter(isWanted).slice(-MAX_BATCH);
  let skipped = 0;
  const stop = logs.watch((line) => {
    if (!isWanted(line)) return;
    if (waiting.length < MAX_BATCH) waiting.push(line);
    else skipped++;
  });

  return {
    take() {
      if (waiting.length === 0) return undefined;
      const batch = { lines: waiting.map(lineView), skipped };
      waiting = [];
      skipped = 0;
      return batch;
    },
    close: stop,
  };
}
