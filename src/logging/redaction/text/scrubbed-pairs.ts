import { masked, REDACTED } from './masked.js';
import { nameBefore } from './name-before.js';
import { PARAMETER } from './scrubbed-parts.js';
import type { Scrub } from './scrub.js';
import type { KeyTest } from '../sensitive-key.js';

// A URL and nothing else, or a form.
const URL_ONLY = /^(?:[/?#]|[a-z][a-z0-9+.-]*:\/\/|[\w.%+[\]-]+=[^\s&"]*&)\S*$/i;
const DIGITS = /^\d+$/;
// `=>` of Ruby and PHP, `:=`, `==` and `===` included.
const SIGN = /[=:]/g;
const BEHIND_SIGN = /[=>]{0,2}\s{0,4}/y;
// As JSON, as JSON inside of a JSON string, as a list or object, bare. None of them needs its end to be there.
const VALUE = /"(?:[^"\\]|\\.)*|\\+"(?:[^\\]|\\(?!\\*"))*|'[^']*|[[{][^\]}]*|[^\s&,;"'<>\\)}\]]+/y;
// Only & and # end the parameter of a URL.
const URL_PARAMETER = /[^&#]*/y;
const PARAMETER_IN_TEXT = new RegExp(String.raw`(?:"(?:[^"\\]|\\.)*|'[^']*)?${PARAMETER}`, 'y');

/** Masks what follows a sensitive name: `token=…`, `"password":"…"`, `Password: …`. */
export function pairScrub(isSensitive: KeyTest): Scrub {
  return (text) => {
    let ofUrl: RegExp | undefined | null = null;
    let scrubbed = '';
    let done = 0;
    SIGN.lastIndex = 0;
    for (let sign = SIGN.exec(text); sign !== null; sign = SIGN.exec(text)) {
      const name = nameBefore(text, sign.index, done);
      if (name === undefined) continue;
      const key = text.slice(name.from, name.to);
      const isParameter = '?&#'.includes(text[name.from - 1] ?? ' ');
      if (!isSensitive(key) && !(isParameter && key.toLowerCase() === 'key')) continue;
      if (ofUrl === null) ofUrl = URL_ONLY.test(text) ? URL_PARAMETER : undefined;
      const valueAt = endOf(BEHIND_SIGN, text, SIGN.lastIndex);
      const end = endOf(ofUrl ?? (isParameter ? PARAMETER_IN_TEXT : VALUE), text, valueAt);
      const secret = text.slice(valueAt, end);
      const quotes = /^\\*["']?/.exec(secret)?.[0] ?? '';
      const bare = secret.slice(quotes.length);
      if (bare === '' || isMasked(bare) || isCount(bare, key, isSensitive)) continue;
      scrubbed += text.slice(done, valueAt) + quotes + String(masked(bare));
      done = SIGN.lastIndex = end;
    }
    return done === 0 ? text : scrubbed + text.slice(done);
  };
}

/** Where a sticky pattern that begins here ends. */
function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** Whether a sensitive name stands before a sign at all. */
export function hasSensitivePair(text: string, isSensitive: KeyTest): boolean {
  SIGN.lastIndex = 0;
  let done = 0;
  for (let sign = SIGN.exec(text); sign !== null; sign = SIGN.exec(text)) {
    const name = nameBefore(text, sign.index, done);
    done = sign.index + 1;
    if (name === undefined) continue;
    const key = text.slice(name.from, name.to);
    if (isSensitive(key) || key.toLowerCase() === 'key') return true;
  }
  return false;
}

/** With or without the bracket, which ends a value that is bare. */
function isMasked(secret: string): boolean {
  return secret === REDACTED || secret === REDACTED.slice(0, -1);
}

function isCount(text: string, key: string, isSensitive: KeyTest): boolean {
  return DIGITS.test(text) && isSensitive(key) && !isSensitive(key, Number(text));
}
