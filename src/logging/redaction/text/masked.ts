export const REDACTED = '[REDACTED]';

/** A key of ours or of a payment provider: its first twelve characters tell which one it is and open nothing. */
const PROVIDER_KEY = /\b[csrp]k_(?:live|test)_[A-Za-z0-9]{5,}/g;
const SHORTENED_KEY = /^[csrp]k_(?:live|test)_\w+\.\.\.$/;
const VISIBLE_CHARACTERS = 12;

/** What stands in a line instead of the value of a sensitive field. */
export function masked(value: unknown): unknown {
  if (value == null || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return REDACTED;
  if (!value.includes('k_')) return REDACTED;
  if (SHORTENED_KEY.test(value)) return value;
  const key = value.length <= 256 ? withShortenedKeys(value) : value;
  return SHORTENED_KEY.test(key) ? key : REDACTED;
}

export function withShortenedKeys(text: string): string {
  return !text.includes('k_') ? text : text.replace(PROVIDER_KEY, (key) => `${key.slice(0, VISIBLE_CHARACTERS)}...`);
}
