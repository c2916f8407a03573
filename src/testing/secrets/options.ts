import { isListOf, isText } from '../../core/checks.js';
import { resolveOptions } from '../../core/options.js';

export interface NoSecretsOptions {
  /** Values that the test put in, or that the service was started with: looked for however they are written. */
  secrets?: readonly string[];
  /** Names of fields that hold secrets, in addition to `SENSITIVE_FIELDS`. */
  sensitiveFields?: readonly string[];
}

export function resolveNoSecretsOptions(options?: NoSecretsOptions): NoSecretsOptions {
  return resolveOptions(
    'expectNoSecrets',
    options,
    {},
    { secrets: isListOf(isText), sensitiveFields: isListOf(isText) },
  );
}
