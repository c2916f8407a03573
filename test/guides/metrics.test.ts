import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createMetrics, getContext } from 'express-runbook';
import { snippetsOf } from './snippets-of.js';

it('the page about metrics shows code that is compiled and run here, and no other', () => {
  const snippets = snippetsOf('docs/guides/metrics.md', 'ts');
  expect(snippets.map(({ path }) => path)).toEqual([
    'test/guides/metrics/own-metric.ts',
    'test/guides/metrics/statsd.ts',
    'test/guides/metrics/background-work.ts',
  ]);
  for (const { code, source } of snippets) expect(code).toBe(source);
});

it('a metric of your own is on /metrics (MET-43)', async () => {
  process.env.LOG_LEVEL = 'fatal';
  const { ops } = await import('./metrics/own-metric.js');
  expect(await ops.metrics.render()).toContain('orders_placed_total{channel="web"} 1');
});

it('counters and gauges reach a StatsD server with their labels as tags (MET-42)', async () => {
  const server = createSocket('udp4');
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const packets: string[] = [];
  server.on('message', (packet) => packets.push(packet.toString()));
  const { sendToStatsd } = await import('./metrics/statsd.js');
  const metrics = createMetrics({ defaultMetrics: false });
  metrics.counter({ name: 'orders_total', help: 'Orders.', labelNames: ['channel'] }).inc({ channel: 'web' }, 3);
  const stop = sendToStatsd(metrics, '127.0.0.1', server.address().port, 10);
  await expect.poll(() => packets).toContain('orders_total:3|g|#channel:web');
  stop();
  server.close();
});

it('work in the background is a transaction of an agent, with its correlation id (MET-42)', async () => {
  const { traced } = await import('./metrics/background-work.js');
  const begun: string[] = [];
  const agent = {
    startBackgroundTransaction<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
      begun.push(name);
      return work();
    },
  };
  const seen: unknown[] = [];
  const job = traced(agent, 'send-invoice', async () => {
    await Promise.resolve();
    seen.push(getContext()?.correlationId);
  });
  await job({ correlationId: 'from-the-queue' });
  expect([begun, seen]).toEqual([['send-invoice'], ['from-the-queue']]);
});
