import { isLogger, isOneOf } from '../core/checks.js';
import type { Logger } from '../core/logger.js';
import { requireOption, resolveOptions, type Resolved } from '../core/options.js';

const ERROR_TYPES = ['envelope', 'problem'] as const;

/** @useDeclaredType */
export type ErrorType = (typeof ERROR_TYPES)[number];

export interface ErrorHandlerOptions {
  /** Gets one line per error. Required: an error that nobody logged did not happen for the one on call. */
  logger: Logger;
  /**
   * Shape of the body. `envelope`: `{ "success": false, "error": { "code", "message" } }`. `problem`: problem details
   * (RFC 9457) as `application/problem+json`.
   * @default 'envelope'
   */
  type?: ErrorType;
}

export const ERROR_HANDLER_DEFAULTS = Object.freeze({ type: 'envelope' as const });

export type ErrorHandlerSettings = Resolved<ErrorHandlerOptions, typeof ERROR_HANDLER_DEFAULTS>;

export function resolveErrorHandlerOptions(options: ErrorHandlerOptions): ErrorHandlerSettings {
  const settings = resolveOptions<ErrorHandlerOptions, typeof ERROR_HANDLER_DEFAULTS>(
    'errorHandler',
    options,
    ERROR_HANDLER_DEFAULTS,
    { logger: isLogger, type: isOneOf(ERROR_TYPES) },
  );
  requireOption('errorHandler', 'logger', settings.logger, 'pass createLogger(), a pino logger or anything like it');
  return settings;
}
