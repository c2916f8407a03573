/** Postgres refuses NUL in text (22021), and NUL and lone surrogates in jsonb (22P05). */
export function plainText(text: string): string {
  // To UTF-8 and back: half of a character becomes the replacement character.
  return Buffer.from(text.replaceAll('\0', ''), 'utf8').toString('utf8');
}

/** As JSON that jsonb takes, names of fields included. */
export function jsonbText(value: object): string {
  // JSON.stringify writes what is refused as escapes, and nothing else in this form; escaped backslashes are stepped over.
  return JSON.stringify(value).replace(/\\\\|\\u(0000|d[89a-f][0-9a-f]{2})/g, (found, code?: string) => {
    if (code === undefined) return found;
    return code === '0000' ? '' : '\ufffd';
  });
}
