import type { KeyTest } from './sensitive-key.js';

export const REDACTED = '[REDACTED]';

export type Scrub = (text: string) => string;

/** A key of ours or of a payment provider: its first twelve characters tell which one it is and open nothing. */
const PROVIDER_KEY = /\b[csrp]k_(?:live|test)_[A-Za-z0-9]{5,}/g;
const SHORTENED_KEY = /^[csrp]k_(?:live|test)_\w+\.\.\.$/;
const VISIBLE_CHARACTERS = 12;

// What every pattern below needs one of; most strings have none and cost this one test.
const HINT = /[=:]|-----BEGIN|eyJ|_live_|_test_|[Bb](?:earer|EARER|asic|ASIC)/;

const PAIR_SIGN = /[=:]/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const HEADER_NAME = /authorization|cookie|bearer|basic/i;
const HEADER_LINE =
  /\b((?:proxy-)?authorization|(?:set-)?cookie)((?:\\*["'])?\s{0,4}[:=]\s{0,4}\\*["']?)[^\r\n"'\\]+/gi;
const BEARER = /\b(B(?:earer|EARER)|bearer)((?:\s|%20|[:="])+)(?!token|auth)[\w.~+/-]{6,}=*/g;
// A word of English too: credentials have a capital, a digit or padding.
const BASIC = /\b(B(?:asic|ASIC)|basic)((?:\s|%20|[:="])+)(?=[a-z+/]{0,64}[A-Z0-9=])[A-Za-z0-9+/]{6,}=*/g;
const JSON_WEB_TOKEN = /\beyJ[\w-]{6,}(?:\.[\w-]*){0,4}/g;
// Up to the last @ of the authority; a password that holds a slash is no valid URL, but drivers other than HTTP's take it.
// Bounded, so that a text of nothing but schemes is not read to its end for each of them.
const WEB_USER_INFO = /\b(https?:\/\/)([^\s/?#]{0,512})@/gi;
const OTHER_USER_INFO =
  /\b((?!https?:)[a-z][a-z0-9+.-]{0,20}:\/\/)([^\s"'<>/:@]{0,128}:[^\s"'<>]{0,512}|[^\s"'<>/]{0,512})@/gi;

/** Takes secrets out of running text by their shape and by the name in front of them (`token=…`, `"password":"…"`). */
export function createScrub(isSensitive: KeyTest): Scrub {
  const scrubPairs = pairScrub(isSensitive);
  return (text) => {
    if (!HINT.test(text)) return text;
    const shapeless = withoutCredentials(withoutKeys(text));
    return PAIR_SIGN.test(shapeless) ? scrubPairs(shapeless) : shapeless;
  };
}

// Each pattern is tried only where the text has what it begins with: looking for that is far cheaper.
function withoutKeys(text: string): string {
  let clean = text;
  if (clean.includes('-----BEGIN')) clean = clean.replace(PRIVATE_KEY, REDACTED);
  if (clean.includes('eyJ')) clean = clean.replace(JSON_WEB_TOKEN, REDACTED);
  if (clean.includes('k_')) clean = clean.replace(PROVIDER_KEY, shortened);
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
  if (clean.includes('@') && clean.includes('://')) {
    clean = clean.replace(WEB_USER_INFO, withoutPassword).replace(OTHER_USER_INFO, withoutPassword);
  }
  return clean;
}

/** What stands in a line instead of the value of a sensitive field. */
export function masked(value: unknown): unknown {
  if (value == null || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return REDACTED;
  if (SHORTENED_KEY.test(value)) return value;
  const key = value.length <= 256 ? value.replace(PROVIDER_KEY, shortened) : value;
  return SHORTENED_KEY.test(key) ? key : REDACTED;
}

function shortened(key: string): string {
  return `${key.slice(0, VISIBLE_CHARACTERS)}...`;
}

function withoutPassword(_all: string, scheme: string, userInfo: string): string {
  const colon = userInfo.indexOf(':');
  // Without a password the user may be the token itself, as for git.
  return colon === -1 ? `${scheme}${REDACTED}@` : `${scheme}${userInfo.slice(0, colon)}:${REDACTED}@`;
}

function pairScrub(isSensitive: KeyTest): Scrub {
  const name = /([A-Za-z_%[][\w.%\-[\]]{0,63})(?:\\*["'])?\s{0,4}[=:]\s{0,4}/g;
  // As JSON, as JSON inside of a JSON string, as a list or object, bare. None of them needs its end to be there.
  const value = /"(?:[^"\\]|\\.)*|\\+"(?:[^\\]|\\(?!\\*"))*|'[^']*|[[{][^\]}]*|[^\s&,;"'<>\\)}\]]+/y;
  return (text) => {
    let scrubbed = '';
    let done = 0;
    name.lastIndex = 0;
    for (let pair = name.exec(text); pair !== null; pair = name.exec(text)) {
      if (!isSecretName(pair[1] ?? '', text[pair.index - 1], isSensitive)) continue;
      value.lastIndex = name.lastIndex;
      const secret = value.exec(text)?.[0];
      if (secret === undefined || secret.endsWith(REDACTED.slice(0, -1))) continue;
      const quotes = /^\\*["']?/.exec(secret)?.[0] ?? '';
      scrubbed += text.slice(done, name.lastIndex) + quotes + String(masked(secret.slice(quotes.length)));
      done = name.lastIndex = value.lastIndex;
    }
    return done === 0 ? text : scrubbed + text.slice(done);
  };
}

/** `key` alone is a secret only as a query parameter, where it is how services take theirs. */
function isSecretName(name: string, before: string | undefined, isSensitive: KeyTest): boolean {
  if (isSensitive(name)) return true;
  return (before === '?' || before === '&') && name.toLowerCase() === 'key';
}
