/** Nobody means more, and a number of any length must not become `Infinity` in an answer of ours. */
const MAX_MS = 86_400_000;

/**
 * The milliseconds that a `Retry-After` asks for: whole seconds or a date (RFC 9110 §10.2.3). Nothing when there is none or it
 * is no such thing; 0 for a date that has passed; a day at most.
 */
export function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Math.min(MAX_MS, Number(text) * 1000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(MAX_MS, Math.max(0, at - Date.now()));
}
