const MAX_NAME_LENGTH = 64;
const MAX_SPACES = 4;

/** Letters, digits and `_.%-[]`, of which a name consists; 2 where it may begin with it. */
const OF_NAME = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const sign = String.fromCharCode(code);
  if (/[\w.%\-[\]]/.test(sign)) OF_NAME[code] = /[A-Za-z_%[]/.test(sign) ? 2 : 1;
}

const SPACE = 32;
const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const QUOTE = 34;
const APOSTROPHE = 39;
const BACKSLASH = 92;

/**
 * Where the name in front of a `=` or `:` stands, not before `limit`; spaces, a quote and the backslashes of that quote may
 * be between. Read backwards from the sign: a pattern that looks for names first tries every word of the text.
 */
export function nameBefore(text: string, sign: number, limit: number): { from: number; to: number } | undefined {
  let to = sign;
  while (to > limit && sign - to < MAX_SPACES && isSpace(text.charCodeAt(to - 1))) to--;
  const mark = text.charCodeAt(to - 1);
  if (to > limit && (mark === QUOTE || mark === APOSTROPHE)) {
    to--;
    while (to > limit && text.charCodeAt(to - 1) === BACKSLASH) to--;
  }
  let at = to;
  let from = -1;
  for (; at > limit && to - at < MAX_NAME_LENGTH; at--) {
    const kind = OF_NAME[text.charCodeAt(at - 1)] ?? 0;
    if (kind === 0) break;
    if (kind === 2) from = at - 1;
  }
  return from === -1 ? undefined : { from, to };
}

function isSpace(code: number): boolean {
  return code === SPACE || code === TAB || code === LINE_FEED || code === RETURN;
}
