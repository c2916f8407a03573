interface Backoff {
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/** Twice as long after each attempt, up to the cap; up to a quarter less, so that what failed together does not return together. */
export function backoffMs(attempt: number, { backoffMs: first, maxBackoffMs }: Backoff): number {
  const capped = Math.min(first * 2 ** Math.min(attempt - 1, 30), maxBackoffMs);
  return Math.round(capped * (1 - Math.random() / 4));
}
