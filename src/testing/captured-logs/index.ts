export type { CapturedLogs, LogLine, LogMatch } from './captured-logs.js';
export { LOG_WAIT_DEFAULTS, type LogWaitOptions } from './options.js';
