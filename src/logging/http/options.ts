import { hasMethods, isBoolean, isNumber, isTimeMs } from '../../core/checks.js';
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
  /**
   * Part of the successful requests that leave a line, from 0 to 1; such a line tells the rate as `sampleRate`. A request
   * with a status of 400 or more, one that was slow, aborted or broke off always leaves its line.
   * @default 1
   */
  sampleRate?: number;
}

export const HTTP_LOGGER_DEFAULTS = Object.freeze({
  slowThresholdMs: 1000,
  skipHealthChecks: true,
  enabled: true,
  sampleRate: 1,
});

export type HttpLoggerSettings = Resolved<HttpLoggerOptions, typeof HTTP_LOGGER_DEFAULTS>;

export function resolveHttpLoggerOptions(options: HttpLoggerOptions): HttpLoggerSettings {
  const settings = resolveOptions('httpLogger', options, HTTP_LOGGER_DEFAULTS, {
    logger: hasMethods('debug', 'info', 'warn', 'error', 'fatal', 'child'),
    slowThresholdMs: isTimeMs(0),
    skipHealthChecks: isBoolean,
    enabled: isBoolean,
    sampleRate: isNumber(0, 1),
  });
  requireOption('httpLogger', 'logger', settings.logger, 'pass the logger that createLogger() returned');
  return settings;
}
