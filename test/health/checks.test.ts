import express from 'express';
import request from 'supertest';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  cpuCheck,
  createHealthRouter,
  databaseCheck,
  diskCheck,
  eventLoopCheck,
  memoryCheck,
  type EventLoopCheck,
  type HealthCheck,
} from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';

async function resultOf(check: HealthCheck) {
  return (await check.run(new AbortController().signal)) ?? { status: 'up' as const };
}

function poolOf(
  query: () => Promise<unknown>,
  numbers: { total: number; idle: number; waiting: number; max?: number },
) {
  const { total: totalCount, idle: idleCount, waiting: waitingCount, max } = numbers;
  return {
    query,
    end: () => Promise.resolve(),
    on: () => undefined,
    totalCount,
    idleCount,
    waitingCount,
    options: { max },
  };
}

describe('databaseCheck', () => {
  it('shows the numbers of the pool, also while no connection is to be had (HLT-31)', async () => {
    const frozen = poolOf(() => new Promise(() => undefined), { total: 10, idle: 0, waiting: 4, max: 10 });
    const health = createHealthRouter({
      checks: [databaseCheck({ pool: frozen })],
      details: 'always',
      responseDeadlineMs: 20,
    });
    const { body } = await request(express().use(health)).get('/health').expect(503);
    expect(body.details.database).toMatchObject({
      status: 'down',
      reason: 'timeout',
      connectionPool: { total: 10, idle: 0, waiting: 4, max: 10, utilization: 1 },
    });
  });

  it('degrades above its limit and not below (HLT-30, CFG-41, ALR-07)', async () => {
    const slow = poolOf(() => new Promise((resolve) => setTimeout(resolve, 15)), { total: 1, idle: 1, waiting: 0 });
    expect(await resultOf(databaseCheck({ pool: slow, degradedAboveMs: 5 }))).toMatchObject({ status: 'degraded' });
    expect(await resultOf(databaseCheck({ pool: slow }))).toEqual({ status: 'up' });
  });

  it('is critical and may have another name', () => {
    const pool = poolOf(() => Promise.resolve(), { total: 0, idle: 0, waiting: 0 });
    expect(databaseCheck({ pool, name: 'replica' })).toMatchObject({ name: 'replica', critical: true });
  });
});

describe('memoryCheck (HLT-32, X-09, ALR-04)', () => {
  const MB = 1024 * 1024;
  const heap = (used: number) => () => ({
    heapUsedBytes: used * MB,
    heapTotalBytes: used * MB,
    heapLimitBytes: 1000 * MB,
    rssBytes: 500 * MB,
  });

  it.each([
    [800, 'up', 'normal'],
    [801, 'degraded', 'warning'],
    [900, 'degraded', 'warning'],
    [901, 'degraded', 'critical'],
  ])('at %i of 1000 MB of heap is %s, level %s', async (used, status, level) => {
    expect(await resultOf(memoryCheck({ read: heap(used) }))).toMatchObject({ status, details: { level } });
  });

  it('may warn above the default of the critical bound: below its warning there is no level (CFG-39)', async () => {
    const at = (used: number) => resultOf(memoryCheck({ read: heap(used), warnPercent: 95 }));
    expect(await at(950)).toMatchObject({ status: 'up', details: { level: 'normal' } });
    expect(await at(951)).toMatchObject({ status: 'degraded', details: { level: 'critical' } });
  });

  it('is down above the critical bound only when the service declared it critical', async () => {
    const check = memoryCheck({ read: heap(901), critical: true });
    expect(check.critical).toBe(true);
    expect(await resultOf(check)).toMatchObject({ status: 'down' });
  });

  it('takes the limit of the container when that is nearer', async () => {
    const read = () => ({ ...heap(100)(), containerLimitBytes: 512 * MB });
    const { status, details } = await resultOf(memoryCheck({ read }));
    expect(status).toBe('degraded');
    expect(details).toMatchObject({ percentage: '97.66%', containerLimit: '512MB' });
  });

  it('prints this process as the runbooks do, and finds nothing wrong with a heap that is nearly full of heapTotal (HLT-25)', async () => {
    const { status, details } = await resultOf(memoryCheck());
    expect(status).toBe('up');
    expect(details?.heapUsed).toMatch(/^\d+MB$/);
    expect(details?.heapTotal).toMatch(/^\d+MB$/);
    expect(details?.rss).toMatch(/^\d+MB$/);
    expect(details?.percentage).toMatch(/^\d+\.\d{2}%$/);
  });
});

describe('cpuCheck (HLT-33, ALR-05)', () => {
  function loaded(options: Parameters<typeof cpuCheck>[0] = {}) {
    const clock = fakeClock();
    let busyCores = 0;
    const check = cpuCheck({ read: () => ({ busyCores, cores: 4 }), now: clock.now, ...options });
    const at = (seconds: number, busy: number) => {
      clock.set(seconds * 1000);
      busyCores = busy;
      return resultOf(check);
    };
    return at;
  }

  it('compares the load with the processors, and minds only what lasts for 30 s', async () => {
    const at = loaded();
    expect(await at(0, 3)).toEqual({
      status: 'up',
      details: { load: 3, cores: 4, percentage: '75.00%', level: 'normal' },
    });
    expect(await at(29, 3)).toMatchObject({ status: 'up' });
    expect(await at(30, 3)).toMatchObject({ status: 'degraded', message: 'CPU usage above threshold' });
    expect(await at(31, 2)).toMatchObject({ status: 'up' });
    expect(await at(32, 3)).toMatchObject({ status: 'up' });
  });

  it('holds each bound by itself', async () => {
    const at = loaded();
    await at(0, 3);
    expect(await at(30, 4)).toMatchObject({ status: 'degraded', details: { level: 'warning' } });
    expect(await at(60, 4)).toMatchObject({ status: 'degraded', details: { level: 'critical' } });
  });

  it('at the bound is up, and holdMs 0 means at once', async () => {
    const at = loaded({ holdMs: 0 });
    expect(await at(0, 2.8)).toMatchObject({ status: 'up' });
    expect(await at(0, 2.81)).toMatchObject({ status: 'degraded' });
  });

  it('reads this machine', async () => {
    const { details } = await resultOf(cpuCheck());
    expect(details?.load).toBeGreaterThanOrEqual(0);
    expect(details?.cores).toBeGreaterThan(0);
  });
});

describe('diskCheck (HLT-34, ALR-06, T-31)', () => {
  const GB = 1024 ** 3;
  const used = (percent: number) => () => ({
    totalBytes: 110 * GB,
    usedBytes: percent * GB,
    availableBytes: (100 - percent) * GB,
  });

  it.each([
    [85, 'up', 'normal'],
    [86, 'degraded', 'warning'],
    [96, 'degraded', 'critical'],
  ])('at %i %% is %s, level %s', async (percent, status, level) => {
    const result = await resultOf(diskCheck({ read: used(percent) }));
    expect(result).toMatchObject({ status, details: { level, percentage: `${percent}.00%`, total: '110GB' } });
  });

  it('reads the file system of the working directory and tells no path', async () => {
    const check = diskCheck();
    expect(check.name).toBe('diskSpace');
    const { details } = await resultOf(check);
    expect(details?.percentage).toMatch(/^\d+\.\d{2}%$/);
    expect(JSON.stringify(details)).not.toContain('/');
  });

  it('is down, and not the whole service, when the path does not exist', async () => {
    const health = createHealthRouter({ checks: [diskCheck({ path: '/nonexistent' })], details: 'always' });
    const { body } = await request(express().use(health)).get('/health').expect(200);
    expect(body).toMatchObject({ status: 'degraded', details: { diskSpace: { status: 'down', reason: 'failed' } } });
  });
});

describe('eventLoopCheck (ALR-09)', () => {
  const open: EventLoopCheck[] = [];
  afterEach(async () => {
    for (const check of open.splice(0)) await check.close();
  });

  it('degrades above 100 ms and not at it', async () => {
    const read = (p99Ms: number) => eventLoopCheck({ holdMs: 0, read: () => ({ p99Ms, maxMs: p99Ms }) });
    expect(await resultOf(read(100))).toEqual({ status: 'up', details: { p99Ms: 100, maxMs: 100 } });
    expect(await resultOf(read(101))).toMatchObject({
      status: 'degraded',
      message: 'Event loop delay above threshold',
    });
  });

  it('reports only what has lasted: a burst at the start is no fault', async () => {
    const clock = fakeClock();
    let p99Ms = 500;
    const check = eventLoopCheck({ now: clock.now, read: () => ({ p99Ms, maxMs: p99Ms }) });
    expect(await resultOf(check)).toMatchObject({ status: 'up' });
    clock.set(29_999);
    expect(await resultOf(check)).toMatchObject({ status: 'up' });
    clock.set(30_000);
    expect(await resultOf(check)).toMatchObject({ status: 'degraded' });
    p99Ms = 5;
    expect(await resultOf(check)).toMatchObject({ status: 'up' });
  });

  it('sees a loop that is blocked, and sees it recover', async () => {
    const check = eventLoopCheck({ holdMs: 0 });
    open.push(check);
    await new Promise((resolve) => setTimeout(resolve, 40));
    const end = performance.now() + 250;
    while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await resultOf(check)).toMatchObject({ status: 'degraded' });
    await vi.waitFor(async () => expect(await resultOf(check)).toMatchObject({ status: 'up' }), { timeout: 5000 });
  });

  it('may be closed twice, before and after it was asked', async () => {
    const check = eventLoopCheck();
    await check.close();
    await check.close();
    expect(await resultOf(check)).toMatchObject({ status: 'up' });
  });
});
