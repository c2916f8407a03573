import { isBoolean, isListOf, isText } from '../../core/checks.js';
import { resolveOptions, type Resolved } from '../../core/options.js';

export interface RedactorOptions {
  /**
   * Whether secrets are taken out. Without it values are only copied, bounded and made safe to serialise.
   * @default true
   */
  redact?: boolean;
  /** Names of fields that hold secrets, in addition to `SENSITIVE_FIELDS`. */
  sensitiveFields?: readonly string[];
}

export const REDACTOR_DEFAULTS = Object.freeze({ redact: true });

export type RedactorSettings = Resolved<RedactorOptions, typeof REDACTOR_DEFAULTS>;

export function resolveRedactorOptions(options?: RedactorOptions): RedactorSettings {
  return resolveOptions('createRedactor', options, REDACTOR_DEFAULTS, {
    redact: isBoolean,
    sensitiveFields: isListOf(isText),
  });
}
