import type { KeyTest } from '../sensitive-key.js';
import type { PatternSet } from '../values/pattern-set.js';
import { hasLongRun } from './encoded-runs.js';
import { hasSensitivePair } from './scrubbed-pairs.js';
import { HIDES_SIGN } from './scrubbed-parts.js';

// Shorter texts hold no secret with its name, and no secret by itself.
const MIN_LENGTH = 5;
const MIN_SHAPED_LENGTH = 8;
const SIGN = /[=:%]/;
const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
const WORD_SIGNS = [...LETTERS, ...Array.from('0123456789-_')];

/**
 * What every secret with a shape of its own contains, in at least four characters: the fewer there are, the less of a text
 * can be skipped. Each stands for a step of `scrubSteps`.
 */
export const TELLTALES: readonly string[] = [
  ...['-----BEGIN', 'earer', 'EARER', 'asic', 'ASIC', 'k_live_', 'k_test_', 'AKIA', 'ASIA', 'ghp_', 'gho_', 'ghs_'],
  ...['ghu_', 'ghr_', 'github_pat_', 'glpat-', 'xoxa-', 'xoxb-', 'xoxe-', 'xoxp-', 'xoxr-', 'xoxs-', 'AIza', 'ya29.'],
  ...['npm_', 'whsec_', 'hvs.', 'hooks.slack.com', 'Key (', 'row contains (', 'nput syntax for', 'nput value for'],
  ...['out of range', 'rray literal', 'params: ', 'Duplicate entry', " = '", 'is not valid JSON', 'form-data'],
  ...[`word '`, `word "`, `WORD '`, `WORD "`, ` BY '`, ` by '`, ` BY "`, ` by "`],
  ...WORD_SIGNS.flatMap((sign) => [`eyJ${sign}`, `sk-${sign}`, `SG.${sign}`]),
  ...LETTERS.flatMap((letter) => [` --${letter}`, `\n--${letter}`]),
];

/** Whether a text may hold a secret: whatever it says no to is clean. Most texts are, and this is all that they cost. */
export function isSuspicious(
  text: string,
  isSensitive: KeyTest,
  telltales: PatternSet,
  isEncoded: (text: string) => boolean,
): boolean {
  const { length } = text;
  if (length < MIN_LENGTH) return false;
  if (telltales.find(text) !== undefined) return true;
  if (length >= MIN_SHAPED_LENGTH && (hasLongRun(text) || text.includes('</') || text.startsWith('--'))) return true;
  if (!SIGN.test(text)) return false;
  return (
    hasSensitivePair(text, isSensitive) ||
    text.includes('://') ||
    text.includes(':\\/\\/') ||
    (text.includes('%') && (HIDES_SIGN.test(text) || isEncoded(text)))
  );
}
