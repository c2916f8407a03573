import { REDACTED } from './masked.js';
import type { Scrub } from './scrub.js';

// Shorter texts are found by their own bytes (`values/`) or are no secrets.
const MIN_LENGTH = 16;
const MIN_DIGITS = 13;
const QUAD = 4;
const MIN_QUADS = MIN_LENGTH / QUAD;
const SPACE = 32;
const DASH = 45;

/** The six bits of each character of base64, in both alphabets; 64 for every other character. */
const BITS = new Uint8Array(128).fill(64);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let bits = 0; bits < 64; bits++) BITS[ALPHABET.charCodeAt(bits)] = bits;
BITS['-'.charCodeAt(0)] = 62;
BITS['_'.charCodeAt(0)] = 63;

interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether there is a run that may be base64 of text, or digits like those of a card. Costs next to nothing where there is none:
 * one of so many characters is looked at, and its neighbours.
 */
export function hasLongRun(text: string): boolean {
  for (let at = MIN_DIGITS - 1; at < text.length; at += MIN_DIGITS) {
    if (text.charCodeAt(at) === SPACE) at++;
    if (bitsAt(text, at) === 64) continue;
    let start = at;
    while (start > 0 && bitsAt(text, start - 1) !== 64) start--;
    let end = at + 1;
    while (end < text.length && bitsAt(text, end) !== 64) end++;
    if (end - start >= MIN_DIGITS ? isLongRun(text, start, end) : isGroup(text, start, end)) return true;
    at = end - 1;
  }
  return false;
}

/** The text without such runs. */
export function withoutEncodedRuns(text: string, scrub: Scrub): string {
  let clean = '';
  let done = 0;
  for (let run = nextRun(text, 0); run !== undefined; run = nextRun(text, run.end)) {
    if (!hidesSecret(text, run, scrub)) continue;
    clean += text.slice(done, run.start) + REDACTED;
    done = run.end;
    while (text.charAt(done) === '=') done++;
  }
  return done === 0 ? text : clean + text.slice(done);
}

/** Characters of base64 without a gap, at least `MIN_LENGTH` of them. */
function nextRun(text: string, from: number): Run | undefined {
  for (let at = from + MIN_LENGTH - 1; at < text.length; at += MIN_LENGTH) {
    if (bitsAt(text, at) === 64) continue;
    let start = at;
    while (start > from && bitsAt(text, start - 1) !== 64) start--;
    let end = at + 1;
    while (end < text.length && bitsAt(text, end) !== 64) end++;
    if (end - start >= MIN_LENGTH) return { start, end };
    at = end - 1;
  }
  return undefined;
}

function isLongRun(text: string, start: number, end: number): boolean {
  let digits = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) digits++;
    else if (code !== DASH) digits = 0;
    if (digits >= MIN_DIGITS) return true;
  }
  if (end - start < MIN_LENGTH) return false;
  for (let offset = 0; offset < QUAD; offset++) {
    for (let at = start + offset, quads = 0; at + QUAD <= end; at += QUAD) {
      quads = isAsciiQuad(text, at) ? quads + 1 : 0;
      if (quads === MIN_QUADS) return true;
    }
  }
  return false;
}

/** Four to six digits beside another group of digits. */
function isGroup(text: string, start: number, end: number): boolean {
  if (end - start < 4 || end - start > 6 || !isDigit(text.charCodeAt(start))) return false;
  return (
    (text.charCodeAt(end) === SPACE && isDigit(text.charCodeAt(end + 1))) ||
    (text.charCodeAt(start - 1) === SPACE && isDigit(text.charCodeAt(start - 2)))
  );
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function hidesSecret(text: string, { start, end }: Run, scrub: Scrub): boolean {
  for (let offset = 0; offset < QUAD; offset++) {
    let from = start + offset;
    for (let at = from; at <= end; at += QUAD) {
      if (at + QUAD <= end && isAsciiQuad(text, at)) continue;
      // The rest of the last quad belongs to it.
      const to = at + QUAD <= end ? at : end;
      if (at - from >= MIN_LENGTH && isSecret(text.slice(from, to), scrub)) return true;
      from = at + QUAD;
    }
  }
  return false;
}

/** Text in ASCII leaves the highest bit of each byte empty, which chance does for every eighth quad. */
function isAsciiQuad(text: string, at: number): boolean {
  return (bitsAt(text, at) & 32) === 0 && (bitsAt(text, at + 1) & 8) === 0 && (bitsAt(text, at + 2) & 2) === 0;
}

function isSecret(encoded: string, scrub: Scrub): boolean {
  const decoded = Buffer.from(encoded, 'base64').toString('latin1');
  return scrub(decoded) !== decoded;
}

function bitsAt(text: string, at: number): number {
  return BITS[text.charCodeAt(at)] ?? 64;
}
