import { labelText } from './label-text.js';

/** The label values of one series, all of them text. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** Beyond the cap every label has this value. */
export const OVERFLOW = '__other__';

/** Which series a metric has, at most `maxSeries` of them and one for all that came after. */
export class KnownSeries {
  private readonly known = new Map<string, SeriesLabels>();
  private readonly overflow: SeriesLabels;

  constructor(
    private readonly labelNames: readonly string[],
    private readonly maxSeries: number,
    private readonly onDropped: () => void,
  ) {
    this.overflow = Object.fromEntries(labelNames.map((name) => [name, OVERFLOW]));
  }

  /** The series that these values belong to: the same object at every call. Names that the metric does not have are left out. */
  of(given: Readonly<Record<string, unknown>>): SeriesLabels {
    const key = this.keyOf(given);
    const found = this.known.get(key);
    if (found !== undefined) return found;
    if (this.known.size >= this.maxSeries) {
      this.onDropped();
      return this.overflow;
    }
    const labels = this.cleaned(given);
    this.known.set(key, labels);
    return labels;
  }

  /** Makes room for another one; gives the labels under which it was kept. */
  forget(given: Readonly<Record<string, unknown>>): SeriesLabels {
    this.known.delete(this.keyOf(given));
    return this.cleaned(given);
  }

  forgetAll(): void {
    this.known.clear();
  }

  private cleaned(given: Readonly<Record<string, unknown>>): SeriesLabels {
    return Object.fromEntries(this.labelNames.map((name) => [name, labelText(given[name])]));
  }

  private keyOf(given: Readonly<Record<string, unknown>>): string {
    let key = '';
    for (const name of this.labelNames) key += `${labelText(given[name])}\u0000`;
    return key;
  }
}
