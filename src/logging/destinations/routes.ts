import { pino } from 'pino';
import type { Destination } from './destination.js';
import type { LogFiles } from './log-files.js';

/** Where pino hands its lines; it leaves the level of each beside them (https://getpino.io/#/docs/api?id=metadata). */
interface RoutedStream extends pino.DestinationStream {
  lastLevel: number;
}

const METADATA = Symbol.for('pino.metadata');
const ERROR_LEVEL = pino.levels.values.error ?? 50;

/** Every line to standard output and `app.log`, errors to `error.log` as well. */
export function mainStream(toStdout: (line: string) => void, files: LogFiles | undefined): RoutedStream {
  return {
    lastLevel: 0,
    // Asks pino to set lastLevel before each write.
    ...{ [METADATA]: true },
    write(line) {
      toStdout(line);
      files?.app.write(line);
      if (this.lastLevel >= ERROR_LEVEL) files?.error.write(line);
    },
  };
}

/** Request lines: to standard output, `app.log` and `access.log`. */
export function accessStream(toStdout: (line: string) => void, files: LogFiles | undefined): pino.DestinationStream {
  return {
    write(line) {
      toStdout(line);
      files?.app.write(line);
      files?.access.write(line);
    },
  };
}

export function allDestinations(stdout: Destination, files: LogFiles | undefined): readonly Destination[] {
  return files === undefined ? [stdout] : [stdout, files.app, files.error, files.access];
}
