export { createLogger } from './logger.js';
export { LOGGER_DEFAULTS, type LoggerOptions } from './options.js';
export type { LogCallOrders, RunbookLogger } from './runbook-logger.js';
export type { LevelChangeOptions } from './loggers/level-control.js';
export { LOG_LEVELS, type LineLevel, type LogLevel } from './line/levels.js';
export type { LineSchemaName } from './line/line-schemas.js';
export type { StallPolicy } from './destinations/patience.js';
export { profile, type ProfiledWork } from './profile.js';
export { observeLogger, type LineSource, type LogMetricsOptions } from './observe-logger.js';
export type { LineWriter } from './destinations/stdout-destination.js';
export { httpLogger, HTTP_LOGGER_DEFAULTS, type HttpLoggerOptions } from './http/index.js';
export {
  createRedactor,
  createSecretFinder,
  REDACTOR_DEFAULTS,
  SENSITIVE_FIELDS,
  type Redactor,
  type RedactorOptions,
  type SecretFinder,
  type SecretFinderOptions,
  type SecretKind,
} from './redaction/index.js';
export {
  EXPIRED_LOG_FILES_DEFAULTS,
  expiredLogFiles,
  type ExpiredLogFile,
  type ExpiredLogFilesOptions,
} from './retention/index.js';
