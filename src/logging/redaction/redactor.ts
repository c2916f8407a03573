import { resolveRedactorOptions, type RedactorOptions } from './options.js';
import { createRules } from './rules.js';
import { Walk } from './walk.js';

export interface Redactor {
  /** A copy without secrets that JSON can hold, bounded in depth, keys and length. The original is not changed. */
  value(value: unknown): unknown;
  /** A text without secrets: credentials in URLs, tokens, keys, `password=…` and the like. */
  text(text: string): string;
  /**
   * Hides these values from now on, wherever they stand: as they are, escaped for JSON, encoded for URLs, in base64 and hex.
   * Values of less than 6 characters and plain words of less than 16 are not taken: they would be hidden in every other text.
   */
  registerSecrets(values: readonly string[]): void;
}

/**
 * The logger's redaction on its own, for other places that a secret must not reach: audit records, error reports,
 * messages to a chat. Never throws, whatever it is given.
 *
 * @example
 * createRedactor().value({ user: 'ann', password: 'hunter2' }); // { user: 'ann', password: '[REDACTED]' }
 */
export function createRedactor(options?: RedactorOptions): Redactor {
  const rules = createRules(resolveRedactorOptions(options));
  return {
    value: (value) => new Walk(rules).value(value),
    text: (text) => new Walk(rules).text(text),
    registerSecrets: (values) => rules.registerSecrets(values),
  };
}
