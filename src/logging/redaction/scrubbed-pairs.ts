import { masked, REDACTED } from './masked.js';
import { PARAMETER } from './scrubbed-parts.js';
import type { Scrub } from './scrub.js';
import type { KeyTest } from './sensitive-key.js';

// A URL and nothing else, or a form.
const URL_ONLY = /^(?:[/?#]|[a-z][a-z0-9+.-]*:\/\/|[\w.%+[\]-]+=[^\s&"]*&)\S*$/i;
const DIGITS = /^\d+$/;

/** Masks what follows a sensitive name: `token=…`, `"password":"…"`, `Password: …`. */
export function pairScrub(isSensitive: KeyTest): Scrub {
  const name = /([A-Za-z_%[][\w.%\-[\]]{0,63})(?:\\*["'])?\s{0,4}[=:]\s{0,4}/g;
  // As JSON, as JSON inside of a JSON string, as a list or object, bare. None of them needs its end to be there.
  const value = /"(?:[^"\\]|\\.)*|\\+"(?:[^\\]|\\(?!\\*"))*|'[^']*|[[{][^\]}]*|[^\s&,;"'<>\\)}\]]+/y;
  // Only & and # end the parameter of a URL.
  const parameter = /[^&#]*/y;
  const parameterInText = new RegExp(String.raw`(?:"(?:[^"\\]|\\.)*|'[^']*)?${PARAMETER}`, 'y');

  return (text) => {
    const ofUrl = URL_ONLY.test(text) ? parameter : undefined;
    let scrubbed = '';
    let done = 0;
    name.lastIndex = 0;
    for (let pair = name.exec(text); pair !== null; pair = name.exec(text)) {
      const [, key = ''] = pair;
      const isParameter = '?&#'.includes(text[pair.index - 1] ?? ' ');
      if (!isSensitive(key) && !(isParameter && key.toLowerCase() === 'key')) continue;
      const end = ofUrl ?? (isParameter ? parameterInText : value);
      end.lastIndex = name.lastIndex;
      const secret = end.exec(text)?.[0] ?? '';
      const quotes = /^\\*["']?/.exec(secret)?.[0] ?? '';
      const bare = secret.slice(quotes.length);
      if (bare === '' || isMasked(bare) || isCount(bare, key, isSensitive)) continue;
      scrubbed += text.slice(done, name.lastIndex) + quotes + String(masked(bare));
      done = name.lastIndex = end.lastIndex;
    }
    return done === 0 ? text : scrubbed + text.slice(done);
  };
}

/** With or without the bracket, which ends a value that is bare. */
function isMasked(secret: string): boolean {
  return secret === REDACTED || secret === REDACTED.slice(0, -1);
}

function isCount(text: string, key: string, isSensitive: KeyTest): boolean {
  return DIGITS.test(text) && isSensitive(key) && !isSensitive(key, Number(text));
}
