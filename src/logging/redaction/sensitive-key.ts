/** The value is asked for where it is known: a plural with a number is a count (`tokens: 120`), not a secret. */
export type KeyTest = (key: string, value?: unknown) => boolean;

type Naming = 'nothing' | 'secret' | 'secrets';

// Shorter names are found inside of innocent words (`pin` in `spin`): they have to be a word of the key.
const MIN_GLUED_LENGTH = 5;
const MAX_REMEMBERED_KEYS = 2_000;
const MAX_KEY_LENGTH = 256;
const PLURAL = /s[^\p{L}\p{N}]*$/iu;

/** Says whether a key is one of `fields` or ends with one, whatever its spelling, in the singular or the plural. */
export function keyTest(fields: readonly string[]): KeyTest {
  const names = new Set(fields.map(squeezed).filter((name) => name !== ''));
  const endings = [...names].filter((name) => name.length >= MIN_GLUED_LENGTH);
  const remembered = new Map<string, Naming>();

  const isNamed = (key: string): boolean => {
    const name = squeezed(key);
    return endings.some((ending) => name.endsWith(ending)) || endsWithWord(key, names);
  };
  const namingOf = (key: string): Naming => {
    const tail = decoded(key.slice(-MAX_KEY_LENGTH));
    if (isNamed(tail)) return 'secret';
    const singular = tail.replace(PLURAL, '');
    return singular !== tail && isNamed(singular) ? 'secrets' : 'nothing';
  };

  return (key, value) => {
    let naming = remembered.get(key);
    if (naming === undefined) {
      naming = namingOf(key);
      // Keys may come from clients: what is remembered must not grow with them.
      if (remembered.size >= MAX_REMEMBERED_KEYS) remembered.clear();
      remembered.set(key, naming);
    }
    return naming === 'secret' || (naming === 'secrets' && typeof value !== 'number');
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
