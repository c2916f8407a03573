import { Registry } from 'prom-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
// The kernel's folders are no option of the package: what it shows of them has to be tried from within.
import { addSystemMetrics } from '../../src/metrics/system/system-metrics.js';
import { systemWith } from '../support/system-files.js';
import { valueOf } from './exposition-value.js';

const MB = 1024 * 1024;

afterEach(() => {
  vi.useRealTimers();
});

/** What is shown of a system with these files. */
function metricsOf(files: Record<string, string | number>) {
  const { root, write } = systemWith(files);
  const registry = new Registry();
  addSystemMetrics(registry, root);
  const value = async (series: string) => valueOf(await registry.metrics(), series);
  return { write, value };
}

const MEMINFO = 'MemTotal:       16000 kB\nMemFree:         1000 kB\nMemAvailable:    4000 kB';

describe('memory in percent (MET-22)', () => {
  it('is of the limit of the container, without files that nobody reads any more', async () => {
    const { value } = metricsOf({
      'proc/self/cgroup': '0::/',
      'sys/fs/cgroup/memory.max': 200 * MB,
      'sys/fs/cgroup/memory.current': 150 * MB,
      'sys/fs/cgroup/memory.stat': `anon ${90 * MB}\nfile ${60 * MB}\ninactive_file ${50 * MB}\nactive_file ${10 * MB}`,
      'proc/meminfo': MEMINFO,
    });
    expect(await value('system_memory_usage_percent')).toBe(50);
  });

  it('is of the limit that is nearest to being reached, where groups lie in groups as systemd and docker make them', async () => {
    const { value } = metricsOf({
      'proc/self/cgroup': '0::/app.slice/api.service',
      'sys/fs/cgroup/app.slice/api.service/memory.max': 200 * MB,
      'sys/fs/cgroup/app.slice/api.service/memory.current': 20 * MB,
      'sys/fs/cgroup/app.slice/memory.max': 400 * MB,
      'sys/fs/cgroup/app.slice/memory.current': 300 * MB,
      'proc/meminfo': MEMINFO,
    });
    expect(await value('system_memory_usage_percent')).toBe(75);
  });

  it('is of the limit of version 1, and of a container that does not see the path of its group', async () => {
    const { value } = metricsOf({
      'proc/self/cgroup': '4:memory:/docker/0123456789ab\n0::/../..',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': 100 * MB,
      'sys/fs/cgroup/memory/memory.usage_in_bytes': 50 * MB,
      'sys/fs/cgroup/memory/memory.stat': `total_inactive_file ${25 * MB}`,
      'proc/meminfo': MEMINFO,
    });
    expect(await value('system_memory_usage_percent')).toBe(25);
  });

  it.each([
    [
      'without a limit',
      { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': 'max', 'sys/fs/cgroup/memory.current': 150 * MB },
    ],
    [
      'with one above the memory of the machine',
      { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': 2 ** 52, 'sys/fs/cgroup/memory.current': 150 * MB },
    ],
    ['without control groups', {}],
  ])('is of the machine %s', async (_where, files) => {
    const { value } = metricsOf({ ...files, 'proc/meminfo': MEMINFO });
    expect(await value('system_memory_usage_percent')).toBe(75);
  });
});

describe('processors in percent (MET-22)', () => {
  it('are of the quota of the container, from the first reading on', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { write, value } = metricsOf({
      'proc/self/cgroup': '0::/',
      'sys/fs/cgroup/cpu.max': '50000 100000',
      'sys/fs/cgroup/cpu.stat': 'usage_usec 7000000\nuser_usec 6000000\nsystem_usec 1000000',
    });
    expect(await value('system_cpu_usage_percent')).toBe(0);
    vi.advanceTimersByTime(1000);
    write('sys/fs/cgroup/cpu.stat', 'usage_usec 7250000');
    expect(await value('system_cpu_usage_percent')).toBe(50);
    vi.advanceTimersByTime(2000);
    write('sys/fs/cgroup/cpu.stat', 'usage_usec 8150000');
    expect(await value('system_cpu_usage_percent')).toBe(90);
    vi.advanceTimersByTime(1000);
    write('sys/fs/cgroup/cpu.stat', 'usage_usec 9999999');
    expect(await value('system_cpu_usage_percent')).toBe(100);
  });
});

describe('processors of a group in a group (MET-22)', () => {
  it('are of the smallest quota above the process, with the time of everybody who shares it', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { write, value } = metricsOf({
      'proc/self/cgroup': '0::/app.slice/api.service',
      'sys/fs/cgroup/app.slice/api.service/cpu.max': 'max 100000',
      'sys/fs/cgroup/app.slice/cpu.max': '200000 100000',
      'sys/fs/cgroup/app.slice/cpu.stat': 'usage_usec 1000000',
    });
    await value('system_cpu_usage_percent');
    vi.advanceTimersByTime(1000);
    write('sys/fs/cgroup/app.slice/cpu.stat', 'usage_usec 2500000');
    expect(await value('system_cpu_usage_percent')).toBe(75);
  });
});

describe('bytes of disks and networks (MET-22)', () => {
  const DISKSTATS = [
    '   8       0 sda 100 0 2000 5 200 0 4000 9 0 0 0',
    '   8       1 sda1 90 0 1900 5 190 0 3900 9 0 0 0',
    ' 252       0 dm-0 90 0 1900 5 190 0 3900 9 0 0 0',
    ' 259       0 nvme0n1 1 0 10 5 2 0 20 9 0 0 0',
  ].join('\n');

  it('are those of the container, on all of its disks', async () => {
    const { value } = metricsOf({
      'proc/self/cgroup': '0::/',
      'sys/fs/cgroup/memory.max': 'max',
      'sys/fs/cgroup/io.stat':
        '8:0 rbytes=1000 wbytes=200 rios=3 wios=4 dbytes=77 dios=1\n259:0 rbytes=24 wbytes=5 rios=1 wios=1 dbytes=0 dios=0',
      'proc/diskstats': DISKSTATS,
    });
    expect(await value('system_disk_io_bytes_total{direction="read"}')).toBe(1024);
    expect(await value('system_disk_io_bytes_total{direction="write"}')).toBe(205);
  });

  it('are those of the service alone, where systemd counts them', async () => {
    const { value } = metricsOf({
      'proc/self/cgroup': '0::/system.slice/api.service',
      'sys/fs/cgroup/system.slice/api.service/memory.max': 'max',
      'sys/fs/cgroup/system.slice/api.service/io.stat': '8:0 rbytes=10 wbytes=20 rios=1 wios=1',
      'sys/fs/cgroup/system.slice/memory.max': 'max',
      'sys/fs/cgroup/system.slice/io.stat': '8:0 rbytes=1000 wbytes=2000 rios=1 wios=1',
      'proc/diskstats': DISKSTATS,
    });
    expect(await value('system_disk_io_bytes_total{direction="read"}')).toBe(10);
    expect(await value('system_disk_io_bytes_total{direction="write"}')).toBe(20);
  });

  it('or of the machine, each disk once and not by its partitions', async () => {
    const { value } = metricsOf({
      'proc/self/cgroup': '0::/',
      'proc/diskstats': DISKSTATS,
      'sys/fs/cgroup/io.stat': '8:0 rbytes=1 wbytes=1',
    });
    expect(await value('system_disk_io_bytes_total{direction="read"}')).toBe(2010 * 512);
    expect(await value('system_disk_io_bytes_total{direction="write"}')).toBe(4020 * 512);
  });

  it('of networks leave out the loopback', async () => {
    const { value } = metricsOf({
      'proc/net/dev': [
        'Inter-|   Receive                                                |  Transmit',
        ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
        '    lo: 900 9 0 0 0 0 0 0 900 9 0 0 0 0 0 0',
        '  eth0:1000 5 0 0 0 0 0 0 300 4 0 0 0 0 0 0',
        ' wlan0: 50 5 0 0 0 0 0 0 6 4 0 0 0 0 0 0',
      ].join('\n'),
    });
    expect(await value('system_network_bytes_total{direction="receive"}')).toBe(1050);
    expect(await value('system_network_bytes_total{direction="transmit"}')).toBe(306);
  });

  it('have no samples where the system does not tell', async () => {
    const { value } = metricsOf({});
    expect(await value('system_disk_io_bytes_total{direction="read"}')).toBeUndefined();
    expect(await value('system_network_bytes_total{direction="receive"}')).toBeUndefined();
  });
});
