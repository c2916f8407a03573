import { isTimeMs } from '../../core/checks.js';
import { resolveOptions, type Resolved } from '../../core/options.js';

export interface LogWaitOptions {
  /**
   * Milliseconds after which waiting ends with a `TestTimeoutError`.
   * @default 1000
   */
  timeoutMs?: number;
}

export const LOG_WAIT_DEFAULTS = Object.freeze({ timeoutMs: 1000 });

type LogWaitSettings = Resolved<LogWaitOptions, typeof LOG_WAIT_DEFAULTS>;

export function resolveLogWaitOptions(options?: LogWaitOptions): LogWaitSettings {
  return resolveOptions('logs.waitFor', options, LOG_WAIT_DEFAULTS, { timeoutMs: isTimeMs(1) });
}
