const MAX_LENGTH = 128;

/**
 * What a label may hold: text of at most 128 characters; `unknown` for nothing. prom-client writes a value that is no string
 * as it stands, and one quotation mark in it makes the whole exposition unreadable.
 */
export function labelText(value: unknown): string {
  const text = typeof value === 'string' ? value : textOf(value);
  return text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH) : text;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return 'unknown';
  try {
    // eslint-disable-next-line @typescript-eslint/no-base-to-string -- whatever it says of itself
    return String(value);
  } catch {
    // An object without a text of its own.
    return 'unknown';
  }
}
