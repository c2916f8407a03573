import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { cpuCheck, memoryCheck, type HealthCheck } from 'express-runbook';
import { systemWith, type SystemFiles } from '../../support/system-files.js';

const MB = 1024 * 1024;
async function detailsOf(check: HealthCheck) {
  return { ...(await check.run(new AbortController().signal)) };
}

const V1 = '4:memory:/kube/pod\n3:cpu,cpuacct:/kube/pod\n1:name=systemd:/init\n0::/\n';
const NO_LIMIT_IN_V1 = '9223372036854771712';

describe('memory is judged by the limit of the container (HLT-32, X-09)', () => {
  it('of version 2, counting every process in it but not the file cache, which goes before anybody is killed', async () => {
    const { root } = systemWith({
      'proc/self/cgroup': '0::/',
      'sys/fs/cgroup/memory.max': 512 * MB,
      'sys/fs/cgroup/memory.current': 700 * MB,
      'sys/fs/cgroup/memory.stat': `anon ${430 * MB}\ninactive_file ${170 * MB}\nactive_file ${100 * MB}`,
    });
    expect(await detailsOf(memoryCheck({ systemRoot: root }))).toMatchObject({
      status: 'degraded',
      details: { containerLimit: '512MB', containerUsed: '430MB', percentage: '83.98%', level: 'warning' },
    });
  });

  it('of version 1', async () => {
    const { root } = systemWith({
      'proc/self/cgroup': V1,
      'sys/fs/cgroup/memory/kube/pod/memory.limit_in_bytes': 512 * MB,
      'sys/fs/cgroup/memory/kube/pod/memory.usage_in_bytes': 600 * MB,
      'sys/fs/cgroup/memory/kube/pod/memory.stat': `total_inactive_file ${60 * MB}\ntotal_active_file ${70 * MB}`,
      'sys/fs/cgroup/memory/memory.limit_in_bytes': NO_LIMIT_IN_V1,
    });
    expect(await detailsOf(memoryCheck({ systemRoot: root }))).toMatchObject({
      status: 'degraded',
      details: { containerLimit: '512MB', containerUsed: '470MB', level: 'critical' },
    });
  });

  it('that is nearest to being reached, where groups lie in groups', async () => {
    const { root } = systemWith({
      'proc/self/cgroup': '0::/pod/container',
      'sys/fs/cgroup/pod/container/memory.max': 256 * MB,
      'sys/fs/cgroup/pod/container/memory.current': 50 * MB,
      'sys/fs/cgroup/pod/memory.max': 400 * MB,
      'sys/fs/cgroup/pod/memory.current': 350 * MB,
    });
    expect(await detailsOf(memoryCheck({ systemRoot: root }))).toMatchObject({
      status: 'degraded',
      details: { containerLimit: '400MB', containerUsed: '350MB' },
    });
  });

  it('also when the path of its group is not visible inside', async () => {
    const { root } = systemWith({
      'proc/self/cgroup': '4:memory:/docker/0123456789ab\n0::/../..',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': 100 * MB,
      'sys/fs/cgroup/memory/memory.usage_in_bytes': 85 * MB,
    });
    expect(await detailsOf(memoryCheck({ systemRoot: root }))).toMatchObject({ details: { percentage: '85.00%' } });
  });

  it.each([
    ['without control groups', {}],
    ['without a limit in version 2', { 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/memory.max': 'max' }],
    [
      'without a limit in version 1',
      { 'proc/self/cgroup': V1, 'sys/fs/cgroup/memory/memory.limit_in_bytes': NO_LIMIT_IN_V1 },
    ],
  ])('or, %s, by the heap limit alone', async (_where, files) => {
    const { details } = await detailsOf(memoryCheck({ systemRoot: systemWith(files).root }));
    expect(details).not.toHaveProperty('containerLimit');
    expect(details).toHaveProperty('heapLimit');
  });
});

describe('the load is compared with the processors that the container may use (HLT-33)', () => {
  /** Two looks with some processor time of the container in between. */
  async function afterWork({ root, write }: SystemFiles, path: string, usage: (ms: number) => string | number) {
    const check = cpuCheck({ systemRoot: root, holdMs: 0 });
    write(path, usage(1000));
    const first = await detailsOf(check);
    await new Promise((resolve) => setTimeout(resolve, 50));
    write(path, usage(61_000));
    return { first, second: await detailsOf(check) };
  }

  it('by a quota of version 2, with the time of every process in it', async () => {
    const system = systemWith({ 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/cpu.max': '50000 100000' });
    const { first, second } = await afterWork(system, 'sys/fs/cgroup/cpu.stat', (ms) => `usage_usec ${ms * 1000}`);
    expect(first).toMatchObject({ status: 'up', details: { load: 0, cores: 0.5 } });
    expect(second).toMatchObject({ status: 'degraded', details: { cores: 0.5, level: 'critical' } });
  });

  it('by a quota of version 1, the smaller one of those above it', async () => {
    const system = systemWith({
      'proc/self/cgroup': V1,
      'sys/fs/cgroup/cpu/kube/pod/cpu.cfs_quota_us': -1,
      'sys/fs/cgroup/cpu/kube/pod/cpu.cfs_period_us': 100_000,
      'sys/fs/cgroup/cpu/kube/cpu.cfs_quota_us': 25_000,
      'sys/fs/cgroup/cpu/kube/cpu.cfs_period_us': 100_000,
    });
    const used = 'sys/fs/cgroup/cpuacct/kube/cpuacct.usage';
    const { second } = await afterWork(system, used, (ms) => ms * 1e6);
    expect(second).toMatchObject({ status: 'degraded', details: { cores: 0.25, level: 'critical' } });
  });

  it('and by the load of the whole machine where there is no quota', async () => {
    const { root } = systemWith({ 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/cpu.max': 'max 100000' });
    const { details } = await detailsOf(cpuCheck({ systemRoot: root }));
    expect(details?.cores).toBe(availableParallelism());
  });
});
