import { isInteger, isText } from '../../core/checks.js';
import { requireOption, resolveOptions, type Resolved } from '../../core/options.js';

export interface ExpiredLogFilesOptions {
  /** Folder of the log files, as `createLogger` was given it; required. */
  dir: string;
  /**
   * Name of the file of everything, as `createLogger` was given it.
   * @default 'app.log'
   */
  appFile?: string;
  /** Folder of `audit.jsonl`. Without it the folder `audit` in `dir`. */
  auditDir?: string;
  /**
   * Days that what was everything, and the requests, are kept.
   * @default 30
   */
  appDays?: number;
  /**
   * Days that errors are kept.
   * @default 90
   */
  errorDays?: number;
  /**
   * Days that what must be known for years is kept: seven years, two of them leap years.
   * @default 2557
   */
  auditDays?: number;
}

export const EXPIRED_LOG_FILES_DEFAULTS = Object.freeze({
  appFile: 'app.log',
  appDays: 30,
  errorDays: 90,
  auditDays: 2557,
});

export type ExpiredLogFilesSettings = Resolved<ExpiredLogFilesOptions, typeof EXPIRED_LOG_FILES_DEFAULTS>;

export function resolveExpiredLogFilesOptions(options: ExpiredLogFilesOptions): ExpiredLogFilesSettings {
  const days = isInteger(1, 36_500);
  const checks = {
    dir: isText,
    appFile: isText,
    auditDir: isText,
    appDays: days,
    errorDays: days,
    auditDays: days,
  };
  const settings = resolveOptions('expiredLogFiles', options, EXPIRED_LOG_FILES_DEFAULTS, checks);
  requireOption('expiredLogFiles', 'dir', settings.dir, 'say where the log files are');
  return settings;
}
