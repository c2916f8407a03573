import type { KeyTest } from '../sensitive-key.js';
import { withoutCardNumbers } from './card-numbers.js';
import { withoutRowValues } from './database-texts.js';
import { markedUpScrub } from './marked-up.js';
import { REDACTED } from './masked.js';
import { withoutUnparsedText } from './parse-errors.js';
import { withoutProviderKeys } from './provider-keys.js';
import { pairScrub } from './scrubbed-pairs.js';
import { withoutEncodedSecrets } from './scrubbed-parts.js';
import { withoutUserInfo } from './scrubbed-user-info.js';
import type { Scrub, ScrubStep } from './scrub.js';

const PAIR_SIGN = /[=:]/;
const PRIVATE_KEY =
  /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|$)/g;
const HEADER_NAME = /authorization|cookie|bearer|basic/i;
const HEADER_LINE =
  /\b((?:proxy-)?authorization|(?:set-)?cookie)((?:\\*["'])?\s{0,4}[:=]>?\s{0,4}\\*["']?)[^\r\n"'\\]+/gi;
const BEARER = /\b(B(?:earer|EARER)|bearer)((?:\s|%20|[:="])+)(?!token|auth)[\w.~+/-]{6,}=*/g;
// A word of English too: credentials have a capital, a digit or padding.
const BASIC = /\b(B(?:asic|ASIC)|basic)((?:\s|%20|[:="])+)(?=[a-z+/]{0,64}[A-Z0-9=])[A-Za-z0-9+/]{6,}=*/g;
const JSON_WEB_TOKEN = /\beyJ[\w-]{6,}(?:\.[\w-]*){0,4}/g;
// A URL in a URL in a URL: sign-in pages hand the page to return to on and on.
const MAX_DECODINGS = 3;

/** Each way in which a secret is recognised, in the order in which they are tried. */
export function scrubSteps(isSensitive: KeyTest): readonly ScrubStep[] {
  const scrubPairs = pairScrub(isSensitive);
  return [
    {
      kind: 'private key',
      scrub: (text) => (text.includes('-----BEGIN') ? text.replace(PRIVATE_KEY, REDACTED) : text),
    },
    { kind: 'JSON web token', scrub: (text) => (text.includes('eyJ') ? text.replace(JSON_WEB_TOKEN, REDACTED) : text) },
    { kind: 'provider key', scrub: withoutProviderKeys },
    { kind: 'value in a parse error', scrub: withoutUnparsedText },
    { kind: 'value in a database message', scrub: withoutRowValues },
    { kind: 'card number', scrub: withoutCardNumbers },
    { kind: 'sensitive field', scrub: markedUpScrub(isSensitive) },
    { kind: 'authorization or cookie header', scrub: withoutCredentials },
    { kind: 'password in a URL', scrub: withoutUserInfo },
    { kind: 'sensitive field', scrub: (text) => (PAIR_SIGN.test(text) ? scrubPairs(text) : text) },
  ];
}

/** Takes secrets out of running text by their shape and by the name in front of them (`token=…`, `"password":"…"`). */
export function createScrub(isSensitive: KeyTest): Scrub {
  const steps = scrubSteps(isSensitive);
  const scrub = (text: string, decodingsLeft: number): string => {
    let clean = text;
    for (const step of steps) clean = step.scrub(clean);
    if (decodingsLeft === 0) return clean;
    return withoutEncodedSecrets(clean, (decoded) => scrub(decoded, decodingsLeft - 1));
  };
  return (text) => scrub(text, MAX_DECODINGS);
}

function withoutCredentials(text: string): string {
  if (!HEADER_NAME.test(text)) return text;
  return text
    .replace(HEADER_LINE, `$1$2${REDACTED}`)
    .replace(BEARER, `$1$2${REDACTED}`)
    .replace(BASIC, `$1$2${REDACTED}`);
}
