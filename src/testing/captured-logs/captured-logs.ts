import { inspect, isDeepStrictEqual, types } from 'node:util';
import type { LineWriter } from '../../index.js';
import { TestTimeoutError } from '../test-timeout-error.js';
import { resolveLogWaitOptions, type LogWaitOptions } from './options.js';

/** One line of the log, parsed. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Fields that a line must have: a `RegExp` is looked for in their text, any other value must be deeply equal. */
export type LogMatch = Readonly<Record<string, unknown>>;

/** What was logged so far, as a log file would have it: redacted, with every field of the line. */
export interface CapturedLogs {
  /** Oldest first; grows while the service logs. */
  readonly lines: readonly LogLine[];
  /** The first line with these fields. */
  find(match: LogMatch): LogLine | undefined;
  /** All lines with these fields. */
  filter(match: LogMatch): LogLine[];
  /**
   * The first line with these fields, now or once it is written: the line of a request comes after its answer. Rejects with
   * `TestTimeoutError`, which tells the lines that are there, when it does not come.
   */
  waitFor(match: LogMatch, options?: LogWaitOptions): Promise<LogLine>;
  /** All lines as they were written, to search for what must not be in any. */
  text(): string;
  /** Forgets the lines so far. */
  clear(): void;
}

/** Lines, and what a logger writes them to. */
export function captureLogs(): { logs: CapturedLogs; stdout: LineWriter } {
  const lines: LogLine[] = [];
  const texts: string[] = [];
  const watchers = new Set<(line: LogLine) => void>();
  const find = (match: LogMatch): LogLine | undefined => lines.find((line) => isMatch(line, match));

  function nextMatch(match: LogMatch, timeoutMs: number): Promise<LogLine | undefined> {
    return new Promise((resolve) => {
      const end = (line?: LogLine): void => {
        clearTimeout(timer);
        watchers.delete(watcher);
        resolve(line);
      };
      const watcher = (line: LogLine): void => {
        if (isMatch(line, match)) end(line);
      };
      // Not unref'ed: a test that waits has not come to its end.
      const timer = setTimeout(end, timeoutMs);
      watchers.add(watcher);
    });
  }

  const logs: CapturedLogs = {
    lines,
    find,
    filter: (match) => lines.filter((line) => isMatch(line, match)),
    async waitFor(match, options) {
      const { timeoutMs } = resolveLogWaitOptions(options);
      const line = find(match) ?? (await nextMatch(match, timeoutMs));
      if (line === undefined) throw notLogged(match, timeoutMs, lines);
      return line;
    },
    text: () => texts.join(''),
    clear() {
      lines.length = 0;
      texts.length = 0;
    },
  };
  const write = (text: string): void => {
    // Our own logger writes one JSON object at a time, and always one with these fields.
    const line = JSON.parse(text) as LogLine;
    texts.push(text);
    lines.push(line);
    for (const watch of [...watchers]) watch(line);
  };
  return { logs, stdout: { write } };
}

function isMatch(line: LogLine, match: LogMatch): boolean {
  return Object.entries(match).every(([name, expected]) => {
    const value = line[name];
    // Not instanceof: some test runners give every test file its own RegExp.
    if (types.isRegExp(expected)) return typeof value === 'string' && value.search(expected) >= 0;
    return isDeepStrictEqual(value, expected);
  });
}

const SHOWN_LINES = 20;

function notLogged(match: LogMatch, timeoutMs: number, lines: readonly LogLine[]): TestTimeoutError {
  const latest = lines.slice(-SHOWN_LINES).map(({ level, msg }) => `\n  ${level} ${msg}`);
  const others = lines.length === 0 ? 'nothing was logged' : `the latest of ${lines.length} lines:${latest.join('')}\n`;
  return new TestTimeoutError(`no line with ${inspect(match)} within ${timeoutMs} ms; ${others}`);
}
