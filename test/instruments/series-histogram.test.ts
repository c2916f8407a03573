import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { observePool } from 'express-runbook/postgres';
import pg from 'pg';
import { seriesHistogram } from '../../src/instruments/series-histogram.js';

const SPEC = {
  name: 'wait_seconds',
  help: 'Time waited.',
  labelNames: ['pool', 'kind'] as const,
  buckets: [0.1, 1, 10],
};
const VALUES = [0, 0.05, 0.1, 0.100001, 1, 5, 10, 11, 1e6];

describe('a histogram that keeps its series', () => {
  it('has the exposition of prom-client’s, byte for byte', async () => {
    const [ours, theirs] = [new Registry(), new Registry()];
    for (const registry of [ours, theirs]) registry.setDefaultLabels({ app: 'shop' });
    const series = seriesHistogram(ours, SPEC);
    const histogram = new Histogram({ ...SPEC, labelNames: [...SPEC.labelNames], registers: [theirs] });
    for (const labels of [
      { pool: 'a', kind: 'x"\n' },
      { pool: 'b', kind: 'y' },
    ]) {
      const observe = series(labels);
      for (const value of VALUES) {
        observe(value);
        histogram.observe(labels, value);
      }
    }
    const sorted = async (registry: Registry): Promise<unknown[]> => {
      const lines = (await registry.metrics()).split('\n');
      // The order of labels in a line means nothing.
      return lines.map((line) => line.replace(/\{(.*)\}/, (_all, labels: string) => labels.split(',').sort().join()));
    };
    expect(await sorted(ours)).toEqual(await sorted(theirs));
  });

  it('is summed over the workers of a cluster', async () => {
    const registries = [new Registry(), new Registry()];
    for (const registry of registries) seriesHistogram(registry, SPEC)({ pool: 'a', kind: 'x' })(0.5);
    const collected = await Promise.all(registries.map((registry) => registry.getMetricsAsJSON()));
    const text = await AggregatorRegistry.aggregate(collected).metrics();
    expect(text).toMatch(/wait_seconds_bucket\{le="1",.*\} 2/);
    expect(text).toMatch(/wait_seconds_count\{.*\} 2/);
  });

  it('is found again by its name, counts on, and begins anew when the registry is reset', async () => {
    const registry = new Registry();
    seriesHistogram(registry, SPEC)({ pool: 'a', kind: 'x' })(0.5);
    seriesHistogram(registry, SPEC)({ pool: 'a', kind: 'x' })(0.5);
    expect(await registry.metrics()).toMatch(/wait_seconds_count\{.*\} 2/);
    registry.resetMetrics();
    expect(await registry.metrics()).toMatch(/wait_seconds_count\{.*\} 0/);
  });

  it('refuses a name that is already another metric', () => {
    const registry = new Registry();
    new Histogram({ name: 'db_pool_use_seconds', help: 'Theirs.', registers: [registry] });
    expect(() => observePool(new pg.Pool(), { registry })).toThrow(
      /registry\.db_pool_use_seconds is already a metric of another kind/,
    );
  });
});
