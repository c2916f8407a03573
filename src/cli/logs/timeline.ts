export interface Timeline {
  /** Lines without a time are left out. */
  add(timestamp: string): void;
  /** At most `maxSpans` spans of equal length from the first line to the last. */
  spans(maxSpans: number): readonly Span[];
}

export interface Span {
  /** When it begins. */
  readonly at: string;
  readonly count: number;
}

/** Seconds that people read well; beyond them each is twice the one before. */
const WIDTHS = [1, 10, 60, 300, 900, 3600, 6 * 3600, 86_400, 7 * 86_400];
/** Kept while reading. The last line is not known yet, so they are finer than what is shown. */
const MAX_KEPT = 2_000;

/** How many lines there were when, in bounded memory however long the time is. */
export function timeline(): Timeline {
  let width = WIDTHS[0] ?? 1;
  let counts = new Map<number, number>();
  return {
    add(timestamp) {
      const seconds = Date.parse(timestamp) / 1000;
      if (Number.isNaN(seconds)) return;
      const at = Math.floor(seconds / width) * width;
      counts.set(at, (counts.get(at) ?? 0) + 1);
      while (counts.size > MAX_KEPT) {
        width = wider(width);
        counts = regrouped(counts, width);
      }
    },
    spans(maxSpans) {
      if (counts.size === 0) return [];
      while (spanCount(counts, width) > maxSpans) {
        width = wider(width);
        counts = regrouped(counts, width);
      }
      const first = Math.min(...counts.keys());
      return Array.from({ length: spanCount(counts, width) }, (_, index) => {
        const at = first + index * width;
        return { at: new Date(at * 1000).toISOString(), count: counts.get(at) ?? 0 };
      });
    },
  };
}

function wider(width: number): number {
  return WIDTHS.find((other) => other > width) ?? width * 2;
}

function regrouped(counts: ReadonlyMap<number, number>, width: number): Map<number, number> {
  const wide = new Map<number, number>();
  for (const [at, count] of counts) {
    const start = Math.floor(at / width) * width;
    wide.set(start, (wide.get(start) ?? 0) + count);
  }
  return wide;
}

function spanCount(counts: ReadonlyMap<number, number>, width: number): number {
  return (Math.max(...counts.keys()) - Math.min(...counts.keys())) / width + 1;
}
