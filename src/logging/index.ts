export { createLogger } from './logger.js';
export { LOGGER_DEFAULTS, type LoggerOptions } from './options.js';
export type { LogCallOrders, RunbookLogger } from './runbook-logger.js';
export { LOG_LEVELS, type LogLevel } from './line/levels.js';
export type { LineWriter } from './destinations/stdout-destination.js';
export { httpLogger, HTTP_LOGGER_DEFAULTS, type HttpLoggerOptions } from './http/index.js';
export {
  createRedactor,
  REDACTOR_DEFAULTS,
  SENSITIVE_FIELDS,
  type Redactor,
  type RedactorOptions,
} from './redaction/index.js';
