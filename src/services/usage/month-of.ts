/** The first day of the calendar month, UTC: `2026-11-01`. */
export function monthOf(now: number): string {
  return `${new Date(now).toISOString().slice(0, 7)}-01`;
}

/** Whole seconds until the next one begins, at least 1. */
export function secondsLeftIn(now: number): number {
  const date = new Date(now);
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
  return Math.max(1, Math.ceil((next - now) / 1000));
}
