import type { Gauge, Registry } from 'prom-client';
import { gauge } from '../instruments/instruments.js';

// On the gauge itself: a second cache on the same registry finds the first one's.
const RATIOS = Symbol.for('express-runbook.cache-hit-ratios.v0');

interface WithRatios extends Gauge<'cache'> {
  [RATIOS]?: Map<string, () => number>;
}

/** Shows the ratio from now on; a cache that is made anew under the same name takes the place of the former. */
export function showHitRatio(registry: Registry, name: string, hitRatio: () => number): void {
  const owner: WithRatios = gauge(registry, {
    name: 'cache_hit_ratio',
    help: 'Share of the values asked for that were in the cache, from 0 to 1, since the start.',
    labelNames: ['cache'],
    aggregator: 'average',
    collect() {
      const ratios = (this as WithRatios)[RATIOS] ?? new Map<string, () => number>();
      for (const [cache, ratio] of ratios) this.set({ cache }, ratio());
    },
  });
  (owner[RATIOS] ??= new Map()).set(name, hitRatio);
}
