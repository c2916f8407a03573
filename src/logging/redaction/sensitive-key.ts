export type KeyTest = (key: string) => boolean;

// Shorter names are found inside of innocent words (`pin` in `spin`): they have to be a word of the key.
const MIN_GLUED_LENGTH = 5;
const MAX_REMEMBERED_KEYS = 2_000;
const MAX_KEY_LENGTH = 256;

/** Says whether a key is one of `fields` or ends with one, whatever its spelling. */
export function keyTest(fields: readonly string[]): KeyTest {
  const names = fields.map(squeezed).filter((name) => name !== '');
  const words = new Set(names);
  const endings = [...words].filter((name) => name.length >= MIN_GLUED_LENGTH);
  const remembered = new Map<string, boolean>();

  return (key) => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    // Keys may come from clients: what is remembered must not grow with them.
    if (remembered.size >= MAX_REMEMBERED_KEYS) remembered.clear();
    const tail = decoded(key.slice(-MAX_KEY_LENGTH));
    const name = squeezed(tail);
    const isSensitive = endings.some((ending) => name.endsWith(ending)) || endsWithWord(tail, words);
    remembered.set(key, isSensitive);
    return isSensitive;
  };
}

function squeezed(key: string): string {
  return key.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase();
}

/** In a query string `pass%77ord` is `password` to the server. */
function decoded(key: string): string {
  if (!key.includes('%')) return key;
  try {
    return decodeURIComponent(key);
  } catch {
    // Not percent-encoded after all: the key as it stands is what the server sees.
    return key;
  }
}

function endsWithWord(key: string, names: ReadonlySet<string>): boolean {
  const words = key
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  let joined = '';
  for (const word of words.reverse()) {
    joined = word.toLowerCase() + joined;
    if (names.has(joined)) return true;
  }
  return false;
}
