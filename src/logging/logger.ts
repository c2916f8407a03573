import type { pino } from 'pino';
import { accessChannel, auditChannel } from './loggers/channels.js';
import type { Destination } from './destinations/destination.js';
import { openLogFiles } from './destinations/log-files.js';
import { prettyLine } from './destinations/pretty-line.js';
import { allDestinations, mainStream } from './destinations/routes.js';
import { stdoutDestination } from './destinations/stdout-destination.js';
import { levelControl } from './loggers/level-control.js';
import { lineLogger } from './loggers/line-logger.js';
import { lineCounts } from './line/line-counts.js';
import { lineListeners } from './line/line-listeners.js';
import { LINE_SCHEMAS } from './line/line-schemas.js';
import { resolveLoggerOptions, type LoggerOptions, type LoggerSettings } from './options.js';
import { createRules } from './redaction/rules.js';
import type { RunbookLogger } from './runbook-logger.js';

/**
 * A pino logger that writes one JSON object per line, in an order and with names that queries can rely on, without
 * secrets, to standard output and, with `dir`, to `app.log`, `error.log`, `access.log` and `audit/audit.jsonl`. Logging
 * never throws: whatever it is given becomes one valid line of at most 16 KiB. Lines are written synchronously, so the last
 * one before a crash is there. Throws `ConfigError` for wrong options and for a folder that cannot be written.
 *
 * @example
 * const logger = createLogger({ service: 'orders', dir: 'logs', context: getContext });
 * logger.info({ orderId: 7 }, 'Order placed');
 * logger.error(error);
 */
export function createLogger(options?: LoggerOptions): RunbookLogger {
  const settings = resolveLoggerOptions(options);
  const files = openLogFiles(settings);
  const stdout = stdoutDestination(settings.stdout, settings.whenStalled);
  const destinations = allDestinations(stdout, files);
  const counts = lineCounts();
  const listeners = lineListeners();
  const sinks = { toStdout: stdoutWriter(settings, stdout), files, count: counts.count, tell: listeners.tell };

  const { level, context } = settings;
  const rules = createRules(settings);
  const main = lineLogger(settings, mainStream(sinks), { level, rules, context });
  const audit = auditChannel(settings, sinks, rules);
  // pino's own type, without the level http that it does not need to know.
  const levels = levelControl(main as unknown as pino.Logger, audit);

  const own: Pick<RunbookLogger, OwnMethod> = {
    access: accessChannel(settings, sinks, rules),
    audit,
    registerSecrets: (values) => rules.registerSecrets(values),
    setLevel: levels.setLevel,
    reopen: () => reopenAll(destinations, main),
    close: async () => {
      levels.close();
      await Promise.all(destinations.map((destination) => destination.close()));
    },
    droppedLines: () => destinations.reduce((sum, destination) => sum + destination.dropped(), 0),
    lineCounts: counts.read,
    tail: listeners.add,
  };
  // The pino logger with our methods on it; its own are called in both orders, which the hook reads.
  return Object.assign(main, own) as unknown as RunbookLogger;
}

type OwnMethod =
  'access' | 'audit' | 'registerSecrets' | 'setLevel' | 'reopen' | 'close' | 'droppedLines' | 'lineCounts' | 'tail';

function stdoutWriter(settings: LoggerSettings, stdout: Destination): (line: string) => void {
  if (settings.format === 'json') return (line) => stdout.write(line);
  const isColored = settings.stdout === undefined && process.stdout.isTTY;
  const pretty = prettyLine(isColored, LINE_SCHEMAS[settings.schema].messageKey);
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
