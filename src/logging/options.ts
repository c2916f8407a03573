import { hasMethods, isBoolean, isFunction, isListOf, isOneOf, isText } from '../core/checks.js';
import type { GetContext } from '../core/context.js';
import { resolveOptions, type Resolved } from '../core/options.js';
import type { LineWriter } from './destinations/stdout-destination.js';
import { LOG_LEVELS, type LogLevel } from './line/levels.js';

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
   * Folder for `app.log` (everything), `error.log` (error and fatal) and `access.log` (requests); created when missing.
   * Without it nothing is written to files.
   */
  dir?: string;
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
  /** Asked at every line for `requestId`, `correlationId`, `userId` and `clientId`; a line's own fields win. */
  context?: GetContext;
  /** What takes the place of the process' standard output. It is not ended by `close()`. */
  stdout?: LineWriter;
}

export const LOGGER_DEFAULTS = Object.freeze({
  level: 'info',
  format: 'json',
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
    dir: isText,
    includeTimestamp: isBoolean,
    includeHostname: isBoolean,
    redact: isBoolean,
    sensitiveFields: isListOf(isText),
    context: isFunction,
    stdout: hasMethods('write'),
  });
}
