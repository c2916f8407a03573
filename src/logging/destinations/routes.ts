import { pino } from 'pino';
import type { Destination } from './destination.js';
import type { LogFiles } from './log-files.js';

/** Where pino hands its lines; it leaves the level of each beside them (https://getpino.io/#/docs/api?id=metadata). */
interface RoutedStream extends pino.DestinationStream {
  lastLevel: number;
}

export interface Sinks {
  readonly toStdout: (line: string) => void;
  readonly files: LogFiles;
  /** Told of every line, by the number of its level. */
  readonly count: (level: number) => void;
  /** Told of every line, for whoever listens. */
  readonly tell: (line: string, level: number) => void;
}

const METADATA = Symbol.for('pino.metadata');
const ERROR_LEVEL = pino.levels.values.error ?? 50;

/** Every line to standard output and the file of all lines, errors to `error.log` as well. */
export function mainStream({ toStdout, files, count, tell }: Sinks): RoutedStream {
  return {
    lastLevel: 0,
    // Asks pino to set lastLevel before each write.
    ...{ [METADATA]: true },
    write(line) {
      count(this.lastLevel);
      toStdout(line);
      files.app?.write(line);
      if (this.lastLevel >= ERROR_LEVEL) files.error?.write(line);
      tell(line, this.lastLevel);
    },
  };
}

/** Request lines: to standard output, the file of all lines and `access.log`. */
export function accessStream({ toStdout, files, count, tell }: Sinks, level: number): pino.DestinationStream {
  return {
    write(line) {
      count(level);
      toStdout(line);
      files.app?.write(line);
      files.access?.write(line);
      tell(line, level);
    },
  };
}

/** Audit lines: to standard output and the audit file alone. */
export function auditStream({ toStdout, files, count, tell }: Sinks, level: number): pino.DestinationStream {
  return {
    write(line) {
      count(level);
      toStdout(line);
      files.audit?.write(line);
      tell(line, level);
    },
  };
}

export function allDestinations(stdout: Destination, files: LogFiles): readonly Destination[] {
  return [stdout, files.app, files.error, files.access, files.audit].filter((one) => one !== undefined);
}
