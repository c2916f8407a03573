import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createMetrics } from 'express-runbook';

describe('a metric of your own', () => {
  it('appears in the exposition with help, type and value (MET-43)', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    metrics.counter({ name: 'orders_shipped_total', help: 'Orders handed over.' }).inc(3);
    metrics.gauge({ name: 'orders_open', help: 'Orders open.', labelNames: ['kind'] }).set({ kind: 'new' }, 2);
    metrics.histogram({ name: 'order_value_euros', help: 'Value.', buckets: [10, 100] }).observe(42);
    const text = await metrics.render();
    expect(text).toContain('# HELP orders_shipped_total Orders handed over.\n# TYPE orders_shipped_total counter');
    expect(text).toContain('\norders_shipped_total 3\n');
    expect(text).toContain('\norders_open{kind="new"} 2\n');
    expect(text).toContain('\norder_value_euros_bucket{le="100"} 1\n');
  });

  it('is found again by its name and counts on', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    const spec = { name: 'orders_shipped_total', help: 'Orders handed over.', labelNames: ['carrier'] } as const;
    metrics.counter(spec).inc({ carrier: 'post' });
    metrics.counter(spec).inc({ carrier: 'post' });
    expect(await metrics.render()).toContain('orders_shipped_total{carrier="post"} 2');
  });

  it('reads a gauge at each scrape when it says how', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    let depth = 1;
    metrics.gauge({
      name: 'queue_depth',
      help: 'Waiting.',
      collect() {
        this.set(depth);
      },
    });
    expect(await metrics.render()).toContain('queue_depth 1');
    depth = 5;
    expect(await metrics.render()).toContain('queue_depth 5');
  });

  it.each([
    ['of another kind', { name: 'taken_total', help: 'x', labelNames: ['a'] }, 'gauge'],
    ['with other labels', { name: 'taken_total', help: 'x', labelNames: ['b'] }, 'counter'],
  ] as const)('is refused by name when a metric %s has it', (_what, spec, kind) => {
    const metrics = createMetrics({ registry: new Registry() });
    metrics.counter({ name: 'taken_total', help: 'x', labelNames: ['a'] });
    expect(() => metrics[kind](spec)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION_CONFLICT', option: 'registry.taken_total' }),
    );
  });
});
