import { REDACTED } from '../text/masked.js';
import { PatternSet, type PatternMatch } from './pattern-set.js';
import { base64Parts, wholeForms } from './written-forms.js';

/** Secrets that are known by their value, however they are written. */
export interface SecretValues {
  register(values: readonly string[]): void;
  /** All that is looked for. */
  forms(): readonly string[];
  readonly isIn: (text: string) => boolean;
  /** The text without them. */
  without(text: string): string;
}

const MIN_LENGTH = 6;
const MIN_WORD_LENGTH = 16;
const MAX_VALUES = 1_000;
const WORD = /^(?:[a-z]+|[A-Z]+|[A-Z][a-z]+)$/;
const MAX_DECODINGS = 3;
const CODE = /%([0-7][0-9A-Fa-f])/g;
// What a URL consists of: what is encoded in it is masked between two of these.
const BETWEEN_PARTS = /([\s"'<>&?#;,]+)/;
const NOT_BASE64 = /[^A-Za-z0-9+/_-]/;

export function createSecretValues(): SecretValues {
  const known = new Set<string>();
  let forms: readonly string[] = [];
  let parts = new Set<string>();
  let patterns: PatternSet | undefined;

  const isIn = (text: string): boolean => {
    if (patterns === undefined) return false;
    if (patterns.find(text) !== undefined) return true;
    let decoded = text;
    for (let turn = 0; turn < MAX_DECODINGS && decoded.includes('%'); turn++) {
      const next = asDecoded(decoded);
      if (next === decoded) return false;
      if (patterns.find(next) !== undefined) return true;
      decoded = next;
    }
    return false;
  };
  const withoutWritten = (text: string): string =>
    patterns === undefined ? text : withoutMatches(text, patterns, (pattern) => parts.has(pattern));

  return {
    register(values) {
      const wanted = values.flatMap((value) => [value, value.trim()]).filter(isDistinctive);
      for (const value of wanted) if (known.size < MAX_VALUES) known.add(value);
      if (known.size === 0) return;
      const whole = [...known].flatMap(wholeForms);
      parts = new Set([...known].flatMap(base64Parts));
      forms = [...new Set([...whole, ...parts])];
      patterns = new PatternSet(forms);
    },
    forms: () => forms,
    isIn,
    without(text) {
      const clean = withoutWritten(text);
      if (!isIn(clean)) return clean;
      const byPart = clean
        .split(BETWEEN_PARTS)
        .map((part) => (isIn(part) ? REDACTED : part))
        .join('');
      // Spread over what looked like parts: nothing of it is safe to show.
      return isIn(byPart) ? REDACTED : byPart;
    },
  };
}

/** A short value or a plain word would be found, and masked, in half of all lines. */
function isDistinctive(value: string): boolean {
  return value.length >= (WORD.test(value) ? MIN_WORD_LENGTH : MIN_LENGTH);
}

function withoutMatches(text: string, patterns: PatternSet, isPart: (pattern: string) => boolean): string {
  let clean = '';
  let done = 0;
  for (let match = patterns.find(text); match !== undefined; match = patterns.find(text, done)) {
    const { start, end } = isPart(match.pattern) ? wholeRun(text, match, done) : match;
    clean += text.slice(done, start) + REDACTED;
    done = end;
  }
  return done === 0 ? text : clean + text.slice(done);
}

/** All of the base64 text that a part belongs to: the rest of it may hold the rest of the secret. */
function wholeRun(text: string, match: PatternMatch, limit: number): Pick<PatternMatch, 'start' | 'end'> {
  let { start, end } = match;
  while (start > limit && !NOT_BASE64.test(text.charAt(start - 1))) start--;
  while (end < text.length && !NOT_BASE64.test(text.charAt(end))) end++;
  while (text.charAt(end) === '=') end++;
  return { start, end };
}

function asDecoded(text: string): string {
  return text.replace(CODE, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
