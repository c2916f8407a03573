/**
 * The milliseconds that a `Retry-After` asks for: whole seconds or a date (RFC 9110 §10.2.3). Nothing when there is none or it
 * is no such thing; 0 for a date that has passed.
 */
export function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
