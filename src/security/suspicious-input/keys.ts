const MAX_KEYS = 100;
const MAX_DEPTH = 4;
const MAX_KEY_LENGTH = 128;

/** The names of a parsed body's fields, as one text. Its values are for the service to know: much text looks like code. */
export function keysOf(body: unknown): string {
  const keys: string[] = [];
  collect(body, 0, keys);
  return keys.join('\n');
}

function collect(value: unknown, depth: number, keys: string[]): void {
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH || ArrayBuffer.isView(value)) return;
  for (const key in value) {
    if (keys.length >= MAX_KEYS) return;
    if (!Object.hasOwn(value, key)) continue;
    // The places of a list count as keys, so that a long one is not looked through.
    keys.push(Array.isArray(value) ? '' : key.slice(0, MAX_KEY_LENGTH));
    collect((value as Record<string, unknown>)[key], depth + 1, keys);
  }
}
