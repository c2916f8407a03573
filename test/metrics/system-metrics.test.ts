import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createMetrics } from 'express-runbook';
import { requireTool } from '../support/real-tools.js';
import { seriesOf, valueOf } from './exposition-value.js';

it('shows processors, memory and disk in percent, the disk as df does (MET-22)', async () => {
  const metrics = createMetrics();
  await sleep(520);
  const text = await metrics.render();
  for (const what of ['cpu', 'memory', 'disk']) {
    const percent = valueOf(text, `system_${what}_usage_percent`);
    expect(percent, what).toBeGreaterThanOrEqual(0);
    expect(percent, what).toBeLessThanOrEqual(100);
  }
  expect(valueOf(text, 'system_memory_usage_percent')).toBeGreaterThan(1);
  const df = /(\d+)%/.exec(requireTool('df').exec(['--output=pcent', '.']))?.[1];
  expect(Math.abs(valueOf(text, 'system_disk_usage_percent')! - Number(df))).toBeLessThanOrEqual(1);
});

it('sees processors that are busy (MET-22)', async () => {
  const metrics = createMetrics();
  await metrics.render();
  const until = performance.now() + 600;
  while (performance.now() < until);
  expect(valueOf(await metrics.render(), 'system_cpu_usage_percent')).toBeGreaterThan(1);
});

it.skipIf(process.platform !== 'linux')('counts bytes of disks and networks by direction (MET-22)', async () => {
  const text = await createMetrics().render();
  expect(seriesOf(text, 'system_disk_io_bytes_total{').map((line) => line.split(' ')[0])).toEqual([
    'system_disk_io_bytes_total{direction="read"}',
    'system_disk_io_bytes_total{direction="write"}',
  ]);
  expect(valueOf(text, 'system_network_bytes_total{direction="receive"}')).toBeGreaterThanOrEqual(0);
  expect(valueOf(text, 'system_network_bytes_total{direction="transmit"}')).toBeGreaterThanOrEqual(0);
});

it('shows how busy the event loop was, and where the heap ends', async () => {
  const metrics = createMetrics();
  await metrics.render();
  const until = performance.now() + 50;
  while (performance.now() < until);
  const text = await metrics.render();
  const utilization = valueOf(text, 'nodejs_eventloop_utilization_ratio')!;
  expect(utilization).toBeGreaterThan(0.2);
  expect(utilization).toBeLessThanOrEqual(1);
  expect(valueOf(text, 'nodejs_heap_size_limit_bytes')).toBeGreaterThan(10_000_000);
});
