import { REDACTED } from './masked.js';
import type { Scrub } from './scrub.js';

/**
 * A URL's parameter inside of a text. Of itself it ends at `&` and `#` only; a quote or bracket may be the text's own, when
 * nothing follows that a value goes on with.
 */
export const PARAMETER = String.raw`(?:[^\s&#"'<>\\]|["'>](?=[\w%])|<(?!\/)|\\(?!\\{0,8}["']))*`;

const PART = new RegExp(String.raw`[?&#]${PARAMETER}|/[^\s/?&#"'<>\\]*`, 'g');
/** A sign in ASCII that is written as a code, or a space of a form that credentials follow. */
export const HIDES_SIGN = /%[0-7][0-9A-Fa-f]|(?:earer|EARER|asic|ASIC)\+/;
// What stands between words that are no parts of a URL.
const BETWEEN_WORDS = /([\s"'<>&?#;,]+)/;
const ENCODED = /%([0-7][0-9A-Fa-f])/g;

/** Masks the parameters and path segments of URLs, and then the words, in which `scrub` finds a secret once they are decoded. */
export function withoutEncodedSecrets(text: string, scrub: Scrub): string {
  if (!HIDES_SIGN.test(text)) return text;
  const clean = text.replace(PART, (encoded) => (hasSecret(encoded, scrub) ? maskedPart(encoded, scrub) : encoded));
  if (!hasSecret(clean, scrub)) return clean;
  return clean
    .split(BETWEEN_WORDS)
    .map((word) => (hasSecret(word, scrub) ? REDACTED : word))
    .join('');
}

/** The whole value: where a secret ends in it is for its own reader to say. */
function maskedPart(part: string, scrub: Scrub): string {
  const name = part.slice(0, part.indexOf('=') + 1);
  const isNameSafe = name !== '' && !hasSecret(name, scrub);
  return `${isNameSafe ? name : part.slice(0, 1)}${REDACTED}`;
}

function hasSecret(part: string, scrub: Scrub): boolean {
  if (!HIDES_SIGN.test(part)) return false;
  const decoded = asDecoded(part);
  return scrub(decoded) !== decoded;
}

/** ASCII only: it is all that the shape of a secret needs, and bytes that are no UTF-8 cannot hide one. */
function asDecoded(part: string): string {
  return part.replaceAll('+', ' ').replace(ENCODED, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
