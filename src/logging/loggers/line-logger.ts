import { hostname } from 'node:os';
import { pino } from 'pino';
import { boundOf, keepBindings } from './bound-logger.js';
import { HTTP_LEVEL, type LogLevel } from '../line/levels.js';
import { withEnd, type LineEnd } from '../line/line-end.js';
import { lineHook, type LineHookSettings } from '../line/line-hook.js';
import { LINE_SCHEMAS } from '../line/line-schemas.js';
import type { Fields } from '../line/record.js';
import { shapeOf } from '../line/shaped.js';
import { isoTimestamp, noTimestamp } from '../line/timestamp.js';
import { writtenLine } from '../line/written-line.js';
import type { LoggerSettings } from '../options.js';

type Lines = Pick<LineHookSettings, 'rules' | 'context' | 'shortcut'> & {
  readonly level: LogLevel;
  /** Stands in each of its lines, beside the logger's own fields. */
  readonly channel?: string;
};

/** A pino logger whose lines have our fields in the order and shape of the schema. */
export function lineLogger(
  settings: LoggerSettings,
  stream: pino.DestinationStream,
  { level, channel, ...lines }: Lines,
): pino.Logger<'http'> {
  const schema = LINE_SCHEMAS[settings.schema];
  const base = { ...baseOf(settings), channel };
  const { hasSeverity } = schema;
  const end: LineEnd = { text: '' };
  const hook = lineHook({ ...lines, boundOf, hasSeverity, shape: shapeOf(schema, base), end });
  const logger = pino(
    {
      level,
      customLevels: { http: HTTP_LEVEL },
      base: schema.context === undefined ? base : null,
      timestamp: settings.includeTimestamp ? isoTimestamp() : noTimestamp,
      formatters: { level: (label) => ({ level: schema.levelCase === 'upper' ? label.toUpperCase() : label }) },
      // Where pino looks before it takes an error's message for that of the line, and writes one more.
      messageKey: schema.messageKey,
      // Errors are plain data by then; pino's own serializer would take the copy for an error once more.
      serializers: { err: (value: unknown) => value },
      hooks: { logMethod: hook, streamWrite: (line) => writtenLine(withEnd(line, end)) },
    },
    stream,
  );
  keepBindings(logger as unknown as pino.Logger, lines.rules);
  return logger;
}

function baseOf({ service, version, environment, includeHostname }: LoggerSettings): Fields {
  return { pid: process.pid, service, version, environment, hostname: includeHostname ? hostname() : undefined };
}
