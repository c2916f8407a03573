/** The value is asked for where it is known: a plural with a number is a count (`tokens: 120`), not a secret. */
export type KeyTest = (key: string, value?: unknown) => boolean;

export type Naming = 'nothing' | 'secret' | 'secrets';

// Shorter names are found inside of innocent words (`pin` in `spin`): they have to be a word of the key.
const MIN_GLUED_LENGTH = 5;
const MAX_REMEMBERED_KEYS = 2_000;
const MAX_KEY_LENGTH = 256;
const PLURAL = /s[^\p{L}\p{N}]*$/iu;

/** Says whether a key is one of `fields` or ends with one, whatever its spelling, in the singular or the plural. */
export function keyNaming(fields: readonly string[]): (key: string) => Naming {
  const names = new Set(fields.map(squeezed).filter((name) => name !== ''));
  const endings = [...names].filter((name) => name.length >= MIN_GLUED_LENGTH);

  const isNamed = (key: string): boolean => {
    const name = squeezed(key);
    return endings.some((ending) => name.endsWith(ending)) || endsWithWord(key, names);
  };
  return remembered((key) => {
    const tail = decoded(key.slice(-MAX_KEY_LENGTH));
    if (isNamed(tail)) return 'secret';
    const singular = tail.replace(PLURAL, '');
    return singular !== tail && isNamed(singular) ? 'secrets' : 'nothing';
  });
}

export function keyTest(namingOf: (key: string) => Naming): KeyTest {
  return (key, value) => {
    const naming = namingOf(key);
    return naming === 'secret' || (naming === 'secrets' && typeof value !== 'number');
  };
}

/** Keys may come from clients: what is remembered of them must not grow with them. */
export function remembered<Result>(of: (key: string) => Result): (key: string) => Result {
  const known = new Map<string, Result>();
  return (key) => {
    let result = known.get(key);
    if (result === undefined) {
      result = of(key);
      if (known.size >= MAX_REMEMBERED_KEYS) known.clear();
      if (key.length <= MAX_KEY_LENGTH) known.set(key, result);
    }
    return result;
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
