import { isLogger } from '../core/checks.js';
import type { Logger } from '../core/logger.js';
import { requireOption, resolveOptions } from '../core/options.js';

export interface ErrorHandlerOptions {
  /** Gets one line per error. Required: an error that nobody logged did not happen for the one on call. */
  logger: Logger;
}

export function resolveErrorHandlerOptions(options: ErrorHandlerOptions): ErrorHandlerOptions {
  const settings = resolveOptions('errorHandler', options, {}, { logger: isLogger });
  requireOption('errorHandler', 'logger', settings.logger, 'pass createLogger(), a pino logger or anything like it');
  return settings;
}
