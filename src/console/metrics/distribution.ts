import type { Registry } from 'prom-client';
import { metricValues, type MetricValue } from './metric-values.js';

/** How often values up to each bound came, since the start. */
export class Distribution {
  /** Upper bounds, ascending; the last is infinite. Each count has those below it in it. */
  readonly counts: Map<number, number>;
  sum = 0;
  count = 0;

  constructor(from?: Distribution) {
    this.counts = new Map(from?.counts);
    if (from === undefined) return;
    this.sum = from.sum;
    this.count = from.count;
  }

  take({ value, labels, metricName = '' }: MetricValue): void {
    if (metricName.endsWith('_sum')) this.sum += value;
    else if (metricName.endsWith('_count')) this.count += value;
    else {
      const bound = labels.le === '+Inf' ? Infinity : Number(labels.le);
      this.counts.set(bound, (this.counts.get(bound) ?? 0) + value);
    }
  }

  add(other: Distribution): void {
    this.sum += other.sum;
    this.count += other.count;
    for (const [bound, count] of other.counts) this.counts.set(bound, (this.counts.get(bound) ?? 0) + count);
  }

  /** What came since an earlier reading; everything where there is none, or where counting began anew meanwhile. */
  since(earlier: Distribution | undefined): Distribution {
    const later = new Distribution(this);
    if (earlier === undefined || earlier.count > this.count) return later;
    later.sum -= earlier.sum;
    later.count -= earlier.count;
    for (const [bound, count] of earlier.counts) later.counts.set(bound, (later.counts.get(bound) ?? 0) - count);
    return later;
  }

  mean(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }

  /**
   * As `histogram_quantile` of Prometheus has it: even within a bucket, and the highest bound for what is above all of them.
   * `null` where nothing was counted.
   */
  quantile(share: number): number | null {
    if (this.count === 0) return null;
    const rank = share * this.count;
    let below = 0;
    let from = 0;
    for (const [bound, count] of this.counts) {
      if (bound === Infinity) break;
      if (count >= rank) return count === below ? bound : from + (bound - from) * ((rank - below) / (count - below));
      below = count;
      from = bound;
    }
    return from;
  }
}

/** The series of a histogram, those together that `keyOf` gives one name. */
export async function distributions(
  registry: Registry,
  name: string,
  keyOf: (labels: MetricValue['labels']) => string,
): Promise<Map<string, Distribution>> {
  const found = new Map<string, Distribution>();
  let labelsBefore: MetricValue['labels'] | undefined;
  let current = new Distribution();
  for (const value of await metricValues(registry, name)) {
    const { sharedLabels = {}, labels } = value;
    // prom-client gives what the buckets of a series share as one object, and the rest of the labels beside it.
    const own = Object.keys(sharedLabels).length === 0 ? labels : sharedLabels;
    if (own !== labelsBefore) {
      labelsBefore = own;
      const key = keyOf(own);
      current = found.get(key) ?? new Distribution();
      found.set(key, current);
    }
    current.take(value);
  }
  return found;
}
