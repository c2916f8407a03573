import {
  CHECK_MARKS,
  SERIES,
  type HistoryView,
  type Sample,
  type SeriesName,
  type ShownStatus,
} from '../wire/index.js';

/** The samples that are kept. */
export interface History {
  add(sample: Sample): void;
  view(): HistoryView;
}

/** Checks that have a timeline; a service has a dozen. */
const MAX_CHECKS = 64;

/**
 * Columns of numbers that go round: after `points` samples each new one takes the place of the oldest, and memory no longer
 * grows. 8 bytes for each of the series and one for each check, per sample.
 */
export function createHistory(points: number): History {
  const times = new Float64Array(points);
  const columns = new Map(SERIES.map((name) => [name, new Float64Array(points)]));
  const checks = new Map<string, Uint8Array>();
  let added = 0;

  function marksOf(name: string): Uint8Array | undefined {
    const found = checks.get(name);
    if (found !== undefined || checks.size >= MAX_CHECKS) return found;
    // Before its first sample nothing is known of it.
    const marks = new Uint8Array(points).fill(CODES.unknown);
    checks.set(name, marks);
    return marks;
  }

  /** Places of the samples, oldest first. */
  function places(): number[] {
    const count = Math.min(added, points);
    return Array.from({ length: count }, (_, index) => (added - count + index) % points);
  }

  return {
    add(sample) {
      const place = added++ % points;
      times[place] = sample.at;
      for (const [name, column] of columns) column[place] = sample.values[name] ?? NaN;
      for (const marks of checks.values()) marks[place] = CODES.unknown;
      for (const [name, status] of Object.entries(sample.checks)) {
        const marks = marksOf(name);
        if (marks !== undefined) marks[place] = CODES[status];
      }
    },
    view() {
      const order = places();
      const series = [...columns].map(([name, column]) => [name, order.map((place) => shown(column[place]))]);
      const timelines = [...checks].map(([name, marks]) => [
        name,
        String.fromCharCode(...order.map((place) => marks[place] ?? CODES.unknown)),
      ]);
      return {
        at: order.map((place) => times[place] ?? 0),
        // The keys are those of SERIES.
        series: Object.fromEntries(series) as Record<SeriesName, (number | null)[]>,
        checks: Object.fromEntries(timelines) as Record<string, string>,
      };
    },
  };
}

// Object.entries loses the names of the keys.
const CODES = Object.fromEntries(
  Object.entries(CHECK_MARKS).map(([status, mark]) => [status, mark.charCodeAt(0)]),
) as Readonly<Record<ShownStatus, number>>;

/** Four digits are more than a chart shows, and a third of the bytes. */
function shown(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : Number(value.toPrecision(4));
}
