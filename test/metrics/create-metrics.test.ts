import { setTimeout as sleep } from 'node:timers/promises';
import { Counter, Gauge, Registry, register } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createMetrics } from 'express-runbook';
import { recordingLogger } from '../support/recording-logger.js';
import { valueOf } from './exposition-value.js';

describe('createMetrics', () => {
  it('shows heap, CPU, memory and event loop from the start (MET-06, MET-07)', async () => {
    const text = await createMetrics().render();
    for (const name of ['process_heap_bytes', 'process_cpu_seconds_total', 'process_resident_memory_bytes']) {
      expect(valueOf(text, name), name).toBeGreaterThan(0);
    }
    expect(text).toMatch(/^nodejs_eventloop_lag_seconds \d/m);
    expect(text).toMatch(/^nodejs_version_info\{/m);
  });

  it('raises the event loop lag when the loop is blocked for 200 ms (MET-23)', async () => {
    const metrics = createMetrics();
    // Each scrape starts the sampler anew, which needs one turn of the loop before it can tell a late one.
    await metrics.render();
    await sleep(30);
    const until = performance.now() + 200;
    while (performance.now() < until);
    await sleep(30);
    expect(valueOf(await metrics.render(), 'nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0.15);
  });

  it('says what runs', async () => {
    const text = await createMetrics({ service: 'orders', version: '1.2.3' }).render();
    expect(text).toContain(`app_build_info{service="orders",version="1.2.3",node_version="${process.version}"} 1`);
  });

  it('leaves out the gauges that prom-client names like counters, and keeps those by type', async () => {
    const text = await createMetrics().render();
    expect(text).not.toMatch(/nodejs_active_\w+_total/);
    expect(text).toContain('# TYPE nodejs_active_handles gauge');
  });

  it('measures nothing of the process when told so', async () => {
    expect(await createMetrics({ defaultMetrics: false }).render()).not.toMatch(/process_|nodejs_/);
  });

  it('leaves prom-client’s global registry alone', async () => {
    createMetrics();
    expect(await register.metrics()).toBe('\n');
  });

  it('keeps two applications in one process apart', async () => {
    const [one, other] = [createMetrics({ service: 'one' }), createMetrics({ service: 'other' })];
    one.counter({ name: 'orders_total', help: 'Orders.' }).inc();
    expect(await one.render()).toContain('orders_total 1');
    const text = await other.render();
    expect(text).not.toContain('orders_total');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('works twice on one registry, your own, with your own metrics on it (MET-43)', async () => {
    const registry = new Registry();
    new Counter({ name: 'mine_total', help: 'Mine.', registers: [registry] }).inc();
    new Gauge({ name: 'process_start_time_seconds', help: 'Mine too.', registers: [registry] }).set(7);
    createMetrics({ registry });
    const text = await createMetrics({ registry }).render();
    expect(text).toContain('mine_total 1');
    expect(text).toContain('process_start_time_seconds 7');
    expect(text.match(/^process_cpu_seconds_total /gm)).toHaveLength(1);
  });

  it('keeps the labels that you put on your whole registry', async () => {
    const registry = new Registry();
    registry.setDefaultLabels({ region: 'eu' });
    const metrics = createMetrics({ registry, defaultMetrics: false });
    expect(await metrics.render()).toMatch(/app_build_info\{.*region="eu".*\} 1/);
    registry.setDefaultLabels({ region: 'us' });
    expect(await metrics.render()).toMatch(/app_build_info\{.*region="us".*\} 1/);
  });

  it('takes its process metrics off when closed, twice if need be, and leaves the rest', async () => {
    const registry = new Registry();
    const metrics = createMetrics({ registry });
    metrics.counter({ name: 'mine_total', help: 'Mine.' }).inc();
    await metrics.close();
    await metrics.close();
    const text = await metrics.render();
    expect(text).not.toMatch(/process_|nodejs_/);
    expect(text).toContain('mine_total 1');
  });

  it('starts one observer of the process, however many applications come and go', async () => {
    const first = createMetrics();
    await first.close();
    const [second, third] = [createMetrics(), createMetrics()];
    const name = 'nodejs_gc_duration_seconds';
    expect(second.registry.getSingleMetric(name)).toBeDefined();
    expect(second.registry.getSingleMetric(name)).toBe(third.registry.getSingleMetric(name));
  });

  it('refuses a registry that would take _total off the names, and says the cure', () => {
    const registry = new Registry();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as unknown as typeof registry.contentType);
    expect(() => createMetrics({ registry })).toThrow(/metrics\.registry must have the content type text\/plain/);
  });

  it('refuses an unknown option and guesses the right one', () => {
    expect(() => createMetrics({ servise: 'x' } as never)).toThrow(/did you mean service\?/);
  });
});

describe('rendering', () => {
  function withBroken(collect: () => void | Promise<void>, collectTimeoutMs = 5000) {
    const logger = recordingLogger();
    const metrics = createMetrics({ defaultMetrics: false, collectTimeoutMs, logger });
    metrics.gauge({ name: 'broken', help: 'Broken.', collect });
    metrics.counter({ name: 'sound_total', help: 'Sound.' }).inc();
    return { metrics, lines: logger.lines };
  }

  it.each([
    [
      'throws',
      () => {
        throw new Error('no disk');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no disk'))],
  ])('loses only the metric whose collector %s, counts it and says so once', async (_how, collect) => {
    const { metrics, lines } = withBroken(collect);
    const text = await metrics.render();
    expect(text).not.toMatch(/^broken/m);
    expect(text).toContain('sound_total 1');
    expect(text).toContain('metrics_collector_errors_total{metric="broken"} 1');
    expect(await metrics.render()).toContain('metrics_collector_errors_total{metric="broken"} 2');
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'a metric could not be collected',
        fields: { metric: 'broken', err: new Error('no disk') },
      },
    ]);
  });

  it('answers although a collector never does, and does not wait for it again', async () => {
    let calls = 0;
    const { metrics, lines } = withBroken(() => {
      calls += 1;
      return new Promise<void>(() => undefined);
    }, 1);
    expect(await metrics.render()).toContain('sound_total 1');
    expect(await metrics.render()).toContain('metrics_collector_errors_total{metric="broken"} 2');
    expect(calls).toBe(1);
    expect(lines).toHaveLength(1);
  });

  it('shows a metric again once its slow collector has come back', async () => {
    let finish = (): void => undefined;
    const { metrics } = withBroken(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
      1,
    );
    await metrics.render();
    finish();
    await sleep(0);
    const next = metrics.render();
    finish();
    expect(await next).toMatch(/^broken 0$/m);
  });

  it('is one run for all who ask at the same time', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    let runs = 0;
    metrics.gauge({
      name: 'counted_runs',
      help: 'Runs.',
      async collect() {
        runs += 1;
        await sleep(0);
      },
    });
    const texts = await Promise.all(Array.from({ length: 20 }, () => metrics.render()));
    expect(runs).toBe(1);
    expect(new Set(texts).size).toBe(1);
  });

  it('goes on after somebody cleared the registry', async () => {
    const metrics = createMetrics();
    metrics.registry.clear();
    expect(await metrics.render()).toContain('metrics_collector_errors_total');
  });
});
