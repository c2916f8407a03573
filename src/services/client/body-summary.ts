import { createHash } from 'node:crypto';

const WORD = /^[\w.-]{1,64}$/;

/**
 * What may be said of a body that may hold anything: its size, a hash to compare by, and the one word with which services name
 * the kind of an error.
 */
export function bodySummary(bytes: Uint8Array, isWhole: boolean): string {
  const size = `${isWhole ? '' : 'more than '}${String(bytes.length)} bytes`;
  if (bytes.length === 0) return size;
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const word = isWhole ? errorWord(bytes) : undefined;
  return `${size}, sha256 ${hash}${word === undefined ? '' : `, ${word}`}`;
}

/** `error.code`, `error.type` or `code` of a JSON body. */
function errorWord(bytes: Uint8Array): string | undefined {
  try {
    const body = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown> | null;
    const error = (body?.error ?? undefined) as Record<string, unknown> | undefined;
    return [error?.code, error?.type, body?.code].find(
      (word): word is string => typeof word === 'string' && WORD.test(word),
    );
  } catch {
    // Not JSON: there is no word.
    return undefined;
  }
}
