/** How long things took, in the memory of a few thousand numbers at most. */
export interface Durations {
  add(ms: number): void;
  /** The nearest rank: so much of what was added took no longer. Nothing was added: undefined. */
  percentile(share: number): number | undefined;
  readonly max: number | undefined;
}

const DIGITS = 3;

/** Of each duration three digits are kept: whole milliseconds below a second are exact, all else is so within 0.5 %. */
export function durations(): Durations {
  const counts = new Map<number, number>();
  let total = 0;
  let max: number | undefined;
  return {
    add(ms) {
      const kept = rounded(ms);
      counts.set(kept, (counts.get(kept) ?? 0) + 1);
      total++;
      if (max === undefined || ms > max) max = ms;
    },
    percentile(share) {
      let left = Math.ceil(total * share);
      for (const value of [...counts.keys()].sort((one, other) => one - other)) {
        left -= counts.get(value) ?? 0;
        if (left <= 0) return value;
      }
      return undefined;
    },
    get max() {
      return max;
    },
  };
}

function rounded(ms: number): number {
  if (Number.isInteger(ms) && ms >= 0 && ms < 10 ** DIGITS) return ms;
  return Number(ms.toPrecision(DIGITS));
}
