import { resolveSecretFinderOptions, type SecretFinderOptions } from './options.js';
import { createRules, type Rules } from '../rules.js';
import { isNamedValue, isNameOfNext } from '../named-values.js';
import { masked } from '../text/masked.js';
import type { SecretKind } from '../text/scrub.js';

export interface SecretFinder {
  /**
   * The kinds of secrets in one line of a log or in any text, each once; none when it is clean. A line of JSON is read as such,
   * any other as text. Long texts are looked at whole.
   */
  kindsIn(line: string): SecretKind[];
  /** Looks for these values too, however they are written. */
  registerSecrets(values: readonly string[]): void;
}

/** Far below what a text may be, so that no pattern takes long; a secret that is cut here stands whole in the next piece. */
const PIECE_LENGTH = 16_384;
const OVERLAP = 2_048;

/**
 * Looks for what redaction should have taken out: in logs of other tools, in the output of a test. Never gives back what it
 * found, only what kind it is.
 *
 * @example
 * createSecretFinder().kindsIn('GET /login?password=hunter2'); // ['sensitive field']
 */
export function createSecretFinder(options?: SecretFinderOptions): SecretFinder {
  const rules = createRules({ ...resolveSecretFinderOptions(options), redact: true });
  return {
    registerSecrets: (values) => rules.registerSecrets(values),
    kindsIn(line) {
      const found = new Set<SecretKind>();
      const data = parsed(line);
      if (data === undefined) addFromText(found, line, rules);
      else addFromData(found, data, rules);
      return [...found];
    },
  };
}

/** An object or array; a text that only looks like one is a text. */
function parsed(line: string): object | undefined {
  if (!/^\s*[[{]/.test(line)) return undefined;
  try {
    return JSON.parse(line) as object;
  } catch {
    return undefined;
  }
}

function addFromData(found: Set<SecretKind>, value: unknown, rules: Rules): void {
  if (typeof value === 'string') addFromText(found, value, rules);
  if (typeof value === 'number' && rules.isSecretNumber(value)) found.add('card number');
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const isSecret = typeof item === 'string' && index > 0 && isNameOfNext(value, index - 1, rules);
      addNamed(found, item, isSecret, rules);
    }
  } else if (typeof value === 'object' && value !== null) {
    const fields = value as Record<string, unknown>;
    for (const [key, field] of Object.entries(fields)) {
      addFromText(found, key, rules);
      const isSecret = rules.isSensitive(key, field) || (key === 'value' && isNamedValue(fields, rules));
      addNamed(found, field, isSecret, rules);
    }
  }
}

function addNamed(found: Set<SecretKind>, value: unknown, isSecret: boolean, rules: Rules): void {
  if (isSecret && value !== '' && masked(value) !== value) found.add('sensitive field');
  else addFromData(found, value, rules);
}

function addFromText(found: Set<SecretKind>, text: string, rules: Rules): void {
  for (let from = 0; from === 0 || from + OVERLAP < text.length; from += PIECE_LENGTH - OVERLAP) {
    let clean = text.slice(from, from + PIECE_LENGTH);
    if (rules.scrub(clean) === clean) continue;
    for (const { kind, scrub } of rules.steps) {
      const cleaner = scrub(clean);
      if (cleaner !== clean) found.add(kind);
      clean = cleaner;
    }
  }
}
