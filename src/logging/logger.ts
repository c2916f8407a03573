import { hostname } from 'node:os';
import { pino } from 'pino';
import { boundOf, keepBindings } from './bound-logger.js';
import type { Destination } from './destinations/destination.js';
import { openLogFiles } from './destinations/log-files.js';
import { prettyLine } from './destinations/pretty-line.js';
import { accessStream, allDestinations, mainStream } from './destinations/routes.js';
import { stdoutDestination } from './destinations/stdout-destination.js';
import { accessRecords } from './line/access-record.js';
import { HTTP_LEVEL } from './line/levels.js';
import { lineHook, type LineHookSettings } from './line/line-hook.js';
import { isoTimestamp, noTimestamp } from './line/timestamp.js';
import { writtenLine } from './line/written-line.js';
import { resolveLoggerOptions, type LoggerOptions, type LoggerSettings } from './options.js';
import { createRules } from './redaction/rules.js';
import type { RunbookLogger } from './runbook-logger.js';

/**
 * A pino logger that writes one JSON object per line, in an order and with names that queries can rely on, without
 * secrets, to standard output and, with `dir`, to `app.log`, `error.log` and `access.log`. Logging never throws: whatever
 * it is given becomes one valid line of at most 16 KiB. Lines are written synchronously, so the last one before a crash
 * is there. Throws `ConfigError` for wrong options and for a folder that cannot be written.
 *
 * @example
 * const logger = createLogger({ service: 'orders', dir: 'logs', context: getContext });
 * logger.info({ orderId: 7 }, 'Order placed');
 * logger.error(error);
 */
export function createLogger(options?: LoggerOptions): RunbookLogger {
  const settings = resolveLoggerOptions(options);
  const files = settings.dir === undefined ? undefined : openLogFiles(settings.dir);
  const stdout = stdoutDestination(settings.stdout);
  const toStdout = stdoutWriter(settings, stdout);
  const destinations = allDestinations(stdout, files);

  const rules = createRules(settings);
  const main = lineLogger(settings, mainStream(toStdout, files), { rules, context: settings.context });
  // A second logger, so that the level of the first has no say about request lines.
  const level = settings.level === 'silent' ? 'silent' : 'info';
  const requestLines = { rules, context: undefined, shortcut: accessRecords(rules) };
  const access = lineLogger({ ...settings, level }, accessStream(toStdout, files), requestLines);

  const own: Pick<RunbookLogger, 'access' | 'reopen' | 'close' | 'droppedLines'> = {
    access: (fields, message) => access.info(fields, message),
    reopen: () => reopenAll(destinations, main),
    close: async () => {
      await Promise.all(destinations.map((destination) => destination.close()));
    },
    droppedLines: () => destinations.reduce((sum, destination) => sum + destination.dropped(), 0),
  };
  // The pino logger with our methods on it; its own are called in both orders, which the hook reads.
  return Object.assign(main, own) as unknown as RunbookLogger;
}

function lineLogger(
  settings: LoggerSettings,
  stream: pino.DestinationStream,
  lines: Pick<LineHookSettings, 'rules' | 'context' | 'shortcut'>,
): pino.Logger<'http'> {
  const logger = pino(
    {
      level: settings.level,
      customLevels: { http: HTTP_LEVEL },
      base: base(settings),
      timestamp: settings.includeTimestamp ? isoTimestamp() : noTimestamp,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are plain data by then; pino's own serializer would take the copy for an error once more.
      serializers: { err: (value: unknown) => value },
      hooks: { logMethod: lineHook({ ...lines, boundOf, labels: pino.levels.labels }), streamWrite: writtenLine },
    },
    stream,
  );
  keepBindings(logger as unknown as pino.Logger, lines.rules);
  return logger;
}

function base(settings: LoggerSettings): Record<string, unknown> {
  const { service, version, environment } = settings;
  return {
    pid: process.pid,
    service,
    version,
    environment,
    hostname: settings.includeHostname ? hostname() : undefined,
  };
}

function stdoutWriter(settings: LoggerSettings, stdout: Destination): (line: string) => void {
  if (settings.format === 'json') return (line) => stdout.write(line);
  const isColored = settings.stdout === undefined && process.stdout.isTTY;
  const pretty = prettyLine(isColored);
  return (line) => stdout.write(pretty(line));
}

function reopenAll(destinations: readonly Destination[], logger: pino.Logger<'http'>): void {
  for (const destination of destinations) {
    try {
      destination.reopen();
    } catch (error) {
      // The file that was open stays open.
      logger.error({ err: error }, 'Log file could not be opened again');
    }
  }
}
