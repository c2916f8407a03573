import { createRequire } from 'node:module';
import type { prettyFactory } from 'pino-pretty';
import { harmless } from '../line/harmless.js';
import { HTTP_LEVEL } from '../line/levels.js';

// Told by every line of a process alike, or by the level already: noise on a developer's terminal.
const HIDDEN = 'pid,hostname,service,version,environment,severity,severityText';

/**
 * Turns a JSON line into lines for people: `[HH:MM:SS.mmm] LEVEL: message` in local time and the fields below it. pino-pretty
 * is loaded here and not at import, so that services that write JSON never load it.
 */
export function prettyLine(isColored: boolean, messageKey: string): (line: string) => string {
  // Typed by the package itself; require() returns any.
  const pretty = createRequire(import.meta.url)('pino-pretty') as { prettyFactory: typeof prettyFactory };
  const format = pretty.prettyFactory({
    colorize: isColored,
    messageKey,
    timestampKey: 'timestamp',
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: HIDDEN,
    customLevels: { http: HTTP_LEVEL },
    useOnlyCustomProps: false,
    // Always a number in our lines, whose JSON is its text.
    customPrettifiers: { duration: (duration) => `${JSON.stringify(duration)}ms` },
  });
  return (line) => harmless(format(line));
}
