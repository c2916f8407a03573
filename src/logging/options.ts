import { hasMethods, isBoolean, isFunction, isListOf, isOneOf, isText } from '../core/checks.js';
import type { GetContext } from '../core/context.js';
import { resolveOptions, type OptionCheck, type Resolved } from '../core/options.js';
import { STALL_POLICIES, type StallPolicy } from './destinations/patience.js';
import type { LineWriter } from './destinations/stdout-destination.js';
import { LOG_LEVELS, type LogLevel } from './line/levels.js';
import { LINE_SCHEMA_NAMES, type LineSchemaName } from './line/line-schemas.js';

export interface LoggerOptions {
  /** Name of the service on every line. Without it the lines have no `service`. */
  service?: string;
  /** Version of the service on every line. Without it the lines have no `version`. */
  version?: string;
  /** Where it runs, e.g. `production`, on every line. Without it the lines have no `environment`. */
  environment?: string;
  /**
   * The least important level that is written. Request lines are a channel of their own and written at every level but
   * `silent`.
   * @default 'info'
   */
  level?: LogLevel;
  /**
   * Standard output as one JSON object per line, or for people. Files are always JSON.
   * @default 'json'
   */
  format?: 'json' | 'pretty';
  /**
   * How the fields of a line are named and placed. `flat`: `level` with `severity`, `msg` and camelCase fields; `nested`:
   * upper-case `level`, `message`, and everything else in snake_case in `context`; `winston`: flat with `message`, request
   * lines at level `http`, the stack of an error as `stack`.
   * @default 'flat'
   */
  schema?: LineSchemaName;
  /**
   * Folder for `app.log` (everything), `error.log` (error and fatal) and `access.log` (requests); created when missing.
   * Without it nothing is written to files.
   */
  dir?: string;
  /**
   * Name of the file of everything in `dir`, e.g. `combined.log`. Under another name than `app.log` it is reached as `app.log`
   * too: a symbolic link beside it, unless something of that name is there.
   * @default 'app.log'
   */
  appFile?: string;
  /**
   * Folder for `audit.jsonl`, which no rotation of `*.log` touches; created when missing. Without it the folder `audit` in
   * `dir`.
   */
  auditDir?: string;
  /**
   * What happens when standard output is a pipe and its reader stops reading. `drop`: the process waits for it, a second at
   * a time and a tenth of the time at most, then holds up to 1 MiB of lines and drops and counts the rest; `wait`: it waits
   * for as long as it takes, as `console.log` does, and no line is lost.
   * @default 'drop'
   */
  whenStalled?: StallPolicy;
  /**
   * Whether lines have a `timestamp`: ISO 8601, UTC, milliseconds.
   * @default true
   */
  includeTimestamp?: boolean;
  /**
   * Whether lines have a `hostname`.
   * @default true
   */
  includeHostname?: boolean;
  /**
   * Whether secrets are replaced by `[REDACTED]`, by the name of their field and by their shape.
   * @default true
   */
  redact?: boolean;
  /** Names of fields that hold secrets, in addition to `SENSITIVE_FIELDS`. */
  sensitiveFields?: readonly string[];
  /** Asked at every line for `requestId`, `correlationId`, `userId`, `clientId` and the trace; a line's own fields win. */
  context?: GetContext;
  /** What takes the place of the process' standard output. It is not ended by `close()`. */
  stdout?: LineWriter;
}

export const LOGGER_DEFAULTS = Object.freeze({
  level: 'info',
  format: 'json',
  schema: 'flat',
  appFile: 'app.log',
  whenStalled: 'drop',
  includeTimestamp: true,
  includeHostname: true,
  redact: true,
});

export type LoggerSettings = Resolved<LoggerOptions, typeof LOGGER_DEFAULTS>;

export function resolveLoggerOptions(options?: LoggerOptions): LoggerSettings {
  return resolveOptions('createLogger', options, LOGGER_DEFAULTS, {
    service: isText,
    version: isText,
    environment: isText,
    level: isOneOf(LOG_LEVELS),
    format: isOneOf(['json', 'pretty']),
    schema: isOneOf(LINE_SCHEMA_NAMES),
    dir: isText,
    appFile: isFileName,
    auditDir: isText,
    whenStalled: isOneOf(STALL_POLICIES),
    includeTimestamp: isBoolean,
    includeHostname: isBoolean,
    redact: isBoolean,
    sensitiveFields: isListOf(isText),
    context: isFunction,
    stdout: hasMethods('write'),
  });
}

const RESERVED_FILES = ['error.log', 'access.log'];

const isFileName: OptionCheck = (value) =>
  typeof value === 'string' && /^[\w-][\w.-]*$/.test(value) && !RESERVED_FILES.includes(value)
    ? undefined
    : `must be the name of a file, not a path, and none of ${RESERVED_FILES.join(', ')}`;
