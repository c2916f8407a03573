import type { Registry } from 'prom-client';
import { isLogger, isRegistry } from '../../core/checks.js';
import { SILENT_LOGGER, type Logger } from '../../core/logger.js';
import { resolveOptions, type Resolved } from '../../core/options.js';

export interface SuspiciousInputOptions {
  /**
   * Gets one warning per request, with text `suspicious input`.
   * @default silent
   */
  logger?: Logger;
  /** Where `suspicious_input_total{kind="sql|traversal|script|null_byte"}` is counted; nowhere when left out. */
  registry?: Registry;
}

export const SUSPICIOUS_INPUT_DEFAULTS = Object.freeze({ logger: SILENT_LOGGER });

export type SuspiciousInputSettings = Resolved<SuspiciousInputOptions, typeof SUSPICIOUS_INPUT_DEFAULTS>;

export function resolveSuspiciousInputOptions(options?: SuspiciousInputOptions): SuspiciousInputSettings {
  return resolveOptions<SuspiciousInputOptions, typeof SUSPICIOUS_INPUT_DEFAULTS>(
    'suspiciousInput',
    options,
    SUSPICIOUS_INPUT_DEFAULTS,
    { logger: isLogger, registry: isRegistry },
  );
}
