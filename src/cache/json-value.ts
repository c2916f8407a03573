/** In characters; beyond it a value costs every reader more than it saves. */
const MAX_LENGTH = 1024 * 1024;

/** Nothing when the value is not kept; the reason is told. */
export function jsonOf(value: unknown, onRefused: (reason: string) => void): string | undefined {
  try {
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined && text.length <= MAX_LENGTH) return text;
    onRefused(text === undefined ? 'it has no JSON' : `its JSON is longer than ${String(MAX_LENGTH)} characters`);
  } catch (error) {
    onRefused(error instanceof Error ? error.message : String(error));
  }
  return undefined;
}

/** Nothing when it is not JSON, or too long: somebody else has written it, and it is loaded anew. */
export function valueOf(text: string): { readonly value: unknown } | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  try {
    return { value: text.includes('__proto__') ? JSON.parse(text, withoutProto) : JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A key that whoever merges the value into another object would change that object's prototype by. */
function withoutProto(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}
