import { REDACTED, withShortenedKeys } from './masked.js';
import type { Scrub } from './scrub.js';
import { pairScrub } from './scrubbed-pairs.js';
import { withoutEncodedSecrets } from './scrubbed-parts.js';
import { withoutUserInfo } from './scrubbed-user-info.js';
import type { KeyTest } from './sensitive-key.js';

// What every pattern below needs one of; most strings have none and cost this one test.
const HINT = /[=:]|%(?:25)*3[AaDd]|-----BEGIN|eyJ|_live_|_test_|[Bb](?:earer|EARER|asic|ASIC)/;

const PAIR_SIGN = /[=:]/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const HEADER_NAME = /authorization|cookie|bearer|basic/i;
const HEADER_LINE =
  /\b((?:proxy-)?authorization|(?:set-)?cookie)((?:\\*["'])?\s{0,4}[:=]\s{0,4}\\*["']?)[^\r\n"'\\]+/gi;
const BEARER = /\b(B(?:earer|EARER)|bearer)((?:\s|%20|[:="])+)(?!token|auth)[\w.~+/-]{6,}=*/g;
// A word of English too: credentials have a capital, a digit or padding.
const BASIC = /\b(B(?:asic|ASIC)|basic)((?:\s|%20|[:="])+)(?=[a-z+/]{0,64}[A-Z0-9=])[A-Za-z0-9+/]{6,}=*/g;
const JSON_WEB_TOKEN = /\beyJ[\w-]{6,}(?:\.[\w-]*){0,4}/g;
// A URL in a URL in a URL: sign-in pages hand the page to return to on and on.
const MAX_DECODINGS = 3;

/** Takes secrets out of running text by their shape and by the name in front of them (`token=…`, `"password":"…"`). */
export function createScrub(isSensitive: KeyTest): Scrub {
  const scrubPairs = pairScrub(isSensitive);
  const scrub = (text: string, decodingsLeft: number): string => {
    if (!HINT.test(text)) return text;
    const shapeless = withoutCredentials(withoutKeys(text));
    const clean = PAIR_SIGN.test(shapeless) ? scrubPairs(shapeless) : shapeless;
    if (decodingsLeft === 0) return clean;
    return withoutEncodedSecrets(clean, (decoded) => scrub(decoded, decodingsLeft - 1));
  };
  return (text) => scrub(text, MAX_DECODINGS);
}

// Each pattern is tried only where the text has what it begins with: looking for that is far cheaper.
function withoutKeys(text: string): string {
  let clean = text;
  if (clean.includes('-----BEGIN')) clean = clean.replace(PRIVATE_KEY, REDACTED);
  if (clean.includes('eyJ')) clean = clean.replace(JSON_WEB_TOKEN, REDACTED);
  if (clean.includes('k_')) clean = withShortenedKeys(clean);
  return clean;
}

function withoutCredentials(text: string): string {
  let clean = text;
  if (HEADER_NAME.test(clean)) {
    clean = clean
      .replace(HEADER_LINE, `$1$2${REDACTED}`)
      .replace(BEARER, `$1$2${REDACTED}`)
      .replace(BASIC, `$1$2${REDACTED}`);
  }
  return withoutUserInfo(clean);
}
