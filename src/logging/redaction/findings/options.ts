import { isListOf, isText } from '../../../core/checks.js';
import { resolveOptions } from '../../../core/options.js';

export interface SecretFinderOptions {
  /** Names of fields that hold secrets, in addition to `SENSITIVE_FIELDS`. */
  sensitiveFields?: readonly string[];
}

export function resolveSecretFinderOptions(options?: SecretFinderOptions): SecretFinderOptions {
  return resolveOptions('createSecretFinder', options, {}, { sensitiveFields: isListOf(isText) });
}
