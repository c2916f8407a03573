/** Where a pattern stands in a text. */
export interface PatternMatch {
  readonly start: number;
  readonly end: number;
  readonly pattern: string;
}

const BUCKETS = 4_096;

/**
 * Looks for many texts at once in a fraction of the time that reading the text takes (Wu and Manber, "A fast algorithm for
 * multi-pattern searching", 1994): pairs of characters that no pattern has let it skip as much as the shortest pattern is long.
 */
export class PatternSet {
  private readonly shortest: number;
  private readonly skips: Uint8Array;
  private readonly endings: (string[] | undefined)[] = new Array<undefined>(BUCKETS).fill(undefined);

  constructor(patterns: readonly string[]) {
    this.shortest = Math.min(255, ...patterns.map((pattern) => pattern.length));
    this.skips = new Uint8Array(BUCKETS).fill(Math.max(1, this.shortest - 1));
    // The longest first: what two of them match is masked as a whole.
    for (const pattern of [...patterns].sort((a, b) => b.length - a.length)) this.add(pattern);
  }

  /** The first match at or behind `from`. */
  find(text: string, from = 0): PatternMatch | undefined {
    const { shortest, skips } = this;
    const { length } = text;
    let at = from + shortest - 1;
    while (at < length) {
      const bucket = bucketOf(text.charCodeAt(at - 1), text.charCodeAt(at));
      const skip = skips[bucket] ?? 1;
      if (skip > 0) {
        at += skip;
        continue;
      }
      const start = at - shortest + 1;
      const pattern = this.at(text, start, bucket);
      if (pattern !== undefined) return { start, end: start + pattern.length, pattern };
      at++;
    }
    return undefined;
  }

  private at(text: string, start: number, bucket: number): string | undefined {
    const first = text.charCodeAt(start);
    for (const pattern of this.endings[bucket] ?? []) {
      if (pattern.charCodeAt(0) === first && text.startsWith(pattern, start)) return pattern;
    }
    return undefined;
  }

  private add(pattern: string): void {
    for (let at = 1; at < this.shortest; at++) {
      const bucket = bucketOf(pattern.charCodeAt(at - 1), pattern.charCodeAt(at));
      const skip = this.shortest - 1 - at;
      if (skip < (this.skips[bucket] ?? 0)) this.skips[bucket] = skip;
      if (skip > 0) continue;
      (this.endings[bucket] ??= []).push(pattern);
    }
  }
}

function bucketOf(first: number, second: number): number {
  return ((first << 5) ^ second) & (BUCKETS - 1);
}
