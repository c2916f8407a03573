import { REDACTED } from './masked.js';
import type { Scrub } from './scrub.js';

/**
 * A URL's parameter inside of a text. Of itself it ends at `&` and `#` only; a quote or bracket may be the text's own, when
 * nothing follows that a value goes on with.
 */
export const PARAMETER = String.raw`(?:[^\s&#"'<>\\]|["'>](?=[\w%])|<(?!\/)|\\(?!\\{0,8}["']))*`;

const PART = new RegExp(String.raw`[?&#]${PARAMETER}|/[^\s/?&#"'<>\\]*`, 'g');
// Decoding can uncover a secret only where it uncovers one of = : @ // or a further code; other codes the patterns know.
const HIDES_SIGN = /%(?:25|3[AaDd]|40|2[Ff]%2[Ff])|(?:earer|EARER|asic|ASIC)\+/;
const ENCODED = /%([0-7][0-9A-Fa-f])/g;

/** Masks the parameters and path segments of URLs in which `scrub` finds a secret once they are decoded. */
export function withoutEncodedSecrets(text: string, scrub: Scrub): string {
  if (!HIDES_SIGN.test(text)) return text;
  return text.replace(PART, (encoded) => (hasSecret(encoded, scrub) ? maskedPart(encoded, scrub) : encoded));
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
