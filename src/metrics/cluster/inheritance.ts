import type { Collected } from '../exposition/collected.js';
import type { Snapshot } from './snapshot.js';
import { together } from './together.js';

/** Enough for the reloads of any day; without a bound a service that is reloaded for years would carry all of them. */
const MAX_REMEMBERED = 1000;

/**
 * The counts of workers that have left. A counter of the whole service must not fall when one of its workers is replaced:
 * Prometheus takes that for a restart and sees all of what is left as new.
 */
export interface Inheritance {
  take(snapshot: Snapshot): void;
  readonly ids: readonly string[];
  readonly metrics: readonly Collected[];
}

export function createInheritance(): Inheritance {
  let ids: readonly string[] = [];
  let metrics: readonly Collected[] = [];
  return {
    take({ id, inherited, metrics: left }) {
      if (ids.includes(id)) return;
      ids = [...ids, id, ...inherited].slice(-MAX_REMEMBERED);
      metrics = together([metrics, left.filter(isCount)]);
    },
    get ids() {
      return ids;
    },
    get metrics() {
      return metrics;
    },
  };
}

/** A gauge says how things are with a worker, and nothing when it is gone. */
function isCount({ type, aggregator = 'sum' }: Collected): boolean {
  return (type === 'counter' || type === 'histogram' || type === 'summary') && aggregator === 'sum';
}
