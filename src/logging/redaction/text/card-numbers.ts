import { REDACTED } from './masked.js';

const CANDIDATE =
  /(?<![\d.])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -]?)\d{6}\2\d{4,5}|\d{13})(?!\d|\.\d)/g;
// Visa, Mastercard, American Express, Discover, JCB, Diners, UnionPay. No time stamp begins like one of them.
const ISSUER = /^(?:4|5[1-5]|2[2-7]|3[47]|6|35|3[068])/;

/** Masks card numbers: an issuer's first digits, a length that exists, and a check digit that fits (Luhn, ISO/IEC 7812-1). */
export function withoutCardNumbers(text: string): string {
  return text.replace(CANDIDATE, (candidate) => (isCardNumber(candidate) ? REDACTED : candidate));
}

export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  return digits.length >= 13 && digits.length <= 19 && ISSUER.test(digits) && hasCheckDigit(digits);
}

function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    const weighted = place % 2 === 0 ? digit : digit * 2;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
