import { hasMethods, isBoolean, isTimeMs } from '../../core/checks.js';
import { requireOption, resolveOptions, type Resolved } from '../../core/options.js';
import type { pino } from 'pino';
import type { RunbookLogger } from '../runbook-logger.js';

export interface HttpLoggerOptions {
  /** From `createLogger`, or any pino logger. Required. */
  logger: RunbookLogger | pino.Logger;
  /**
   * Milliseconds above which a request gets the warning `Slow HTTP request detected`, once, after its own line.
   * @default 1000
   */
  slowThresholdMs?: number;
  /**
   * Whether requests that a health router of this package answered are left out.
   * @default true
   */
  skipHealthChecks?: boolean;
  /**
   * Whether each request gets its line. Without it `req.log` and the warning of slow requests remain.
   * @default true
   */
  enabled?: boolean;
}

export const HTTP_LOGGER_DEFAULTS = Object.freeze({ slowThresholdMs: 1000, skipHealthChecks: true, enabled: true });

export type HttpLoggerSettings = Resolved<HttpLoggerOptions, typeof HTTP_LOGGER_DEFAULTS>;

export function resolveHttpLoggerOptions(options: HttpLoggerOptions): HttpLoggerSettings {
  const settings = resolveOptions('httpLogger', options, HTTP_LOGGER_DEFAULTS, {
    logger: hasMethods('debug', 'info', 'warn', 'error', 'fatal', 'child'),
    slowThresholdMs: isTimeMs(0),
    skipHealthChecks: isBoolean,
    enabled: isBoolean,
  });
  requireOption('httpLogger', 'logger', settings.logger, 'pass the logger that createLogger() returned');
  return settings;
}
