import { REDACTED } from './masked.js';

const CANDIDATE =
  /(?<![\d.])(?:\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -]?)\d{6}\2\d{4,5}|\d{13})(?!\d|\.\d)/g;
// Visa, Mastercard, American Express, Discover, JCB, Diners, UnionPay. No time stamp begins like one of them.
const ISSUER = /^(?:4|5[1-5]|2[2-7]|3[47]|6|35|3[068])/;

/** Masks card numbers: an issuer's first digits, a length that exists, and a check digit that fits (Luhn, ISO/IEC 7812-1). */
export function withoutCardNumbers(text: string): string {
  return text.replace(CANDIDATE, (candidate: string, _one: unknown, _other: unknown, at: number) =>
    isCardNumber(candidate) && !isInUuid(text, at, candidate.length) ? REDACTED : candidate,
  );
}

// RFC 9562. One id in 50 000 has such digits, and with a part of it missing nobody finds the request.
const UUID = /\b[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}\b/i;
// What is around it in an id, and what bounds the id; too little for an id beside it.
const [BEFORE, AFTER] = [10, 14];

function isInUuid(text: string, at: number, length: number): boolean {
  return UUID.test(text.slice(Math.max(0, at - BEFORE), at + length + AFTER));
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
