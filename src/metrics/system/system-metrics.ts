import type { Registry } from 'prom-client';
import { counter, gauge } from '../../instruments/instruments.js';
import { createCpuUsage } from './cpu-usage.js';
import { diskUsagePercent } from './disk-usage.js';
import { memoryUsagePercent } from './memory-usage.js';
import { diskTraffic, networkTraffic, type Traffic } from './traffic-totals.js';

/**
 * What the machine, or the container that this process runs in, is doing. Read at each scrape; a system that does not tell has
 * no samples. The workers of a cluster all see the same, so together they show the highest and not the sum. `systemRoot` is where
 * the kernel's folders `proc` and `sys` are.
 */
export function addSystemMetrics(registry: Registry, systemRoot = '/'): void {
  // Where the service was started: a later chdir changes nothing.
  const disk = process.cwd();
  addPercent(registry, 'cpu', 'the processors in use since the latest scrape', createCpuUsage(systemRoot));
  addPercent(registry, 'memory', 'the memory in use', () => memoryUsagePercent(systemRoot));
  addPercent(registry, 'disk', 'the file system of the working directory in use', () => diskUsagePercent(disk));
  addTraffic(registry, ['disk_io', 'Bytes read from and written to disks.'], ['read', 'write'], () =>
    diskTraffic(systemRoot),
  );
  addTraffic(registry, ['network', 'Bytes received and sent over networks.'], ['receive', 'transmit'], () =>
    networkTraffic(systemRoot),
  );
}

function addPercent(registry: Registry, what: string, of: string, read: () => Promise<number>): void {
  gauge(registry, {
    name: `system_${what}_usage_percent`,
    help: `Percent of ${of}; of what the container may have, where it has a limit.`,
    aggregator: 'max',
    async collect() {
      this.set(await read());
    },
  });
}

function addTraffic(
  registry: Registry,
  [what, help]: readonly [name: string, help: string],
  [into, out]: readonly [into: string, out: string],
  read: () => Promise<Traffic | undefined>,
): void {
  counter(registry, {
    name: `system_${what}_bytes_total`,
    help,
    labelNames: ['direction'],
    aggregator: 'max',
    async collect() {
      const traffic = await read();
      this.reset();
      if (traffic === undefined) return;
      this.inc({ direction: into }, traffic.inBytes);
      this.inc({ direction: out }, traffic.outBytes);
    },
  });
}
