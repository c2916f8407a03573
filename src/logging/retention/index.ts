export { expiredLogFiles, type ExpiredLogFile } from './expired-log-files.js';
export { EXPIRED_LOG_FILES_DEFAULTS, type ExpiredLogFilesOptions } from './options.js';
