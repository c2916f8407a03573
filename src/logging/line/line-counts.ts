import { pino } from 'pino';
import { HTTP_LEVEL, type LineLevel } from './levels.js';

const LEVELS: Readonly<Record<LineLevel, number | undefined>> = {
  fatal: pino.levels.values.fatal,
  error: pino.levels.values.error,
  warn: pino.levels.values.warn,
  info: pino.levels.values.info,
  http: HTTP_LEVEL,
  debug: pino.levels.values.debug,
  trace: pino.levels.values.trace,
};

export interface LineCounts {
  readonly count: (level: number) => void;
  readonly read: () => Record<LineLevel, number>;
}

/** How many lines were said at each level: an addition per line, everything else when it is asked for. */
export function lineCounts(): LineCounts {
  const counts: number[] = Array.from({ length: 1 + Math.max(...Object.values(pino.levels.values)) }, () => 0);
  return {
    count(level) {
      // A child's own level beyond ours is none of those that are read.
      counts[level] = (counts[level] ?? 0) + 1;
    },
    read() {
      const entries = Object.entries(LEVELS).map(([name, level]) => [name, counts[level ?? 0] ?? 0]);
      // The keys are those of LEVELS.
      return Object.fromEntries(entries) as Record<LineLevel, number>;
    },
  };
}
