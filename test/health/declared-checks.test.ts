import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import { createHealthRouter, type CheckStatus, type HealthCheck, type HealthOptions } from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';

/** A router whose one check says what the test wants, asked a minute apart. */
function asked(declared: Partial<HealthCheck>, options: HealthOptions = {}) {
  const clock = fakeClock();
  let status: CheckStatus = 'up';
  const run = vi.fn(() => ({ status, ...(status === 'up' ? {} : { message: 'no luck' }) }));
  const health = createHealthRouter({ checks: [{ name: 'queue', run, ...declared }], now: clock.now, ...options });
  const after = async (...statuses: CheckStatus[]) => {
    for (const one of statuses) {
      status = one;
      clock.advance(60_000);
      await health.report();
    }
    return (await health.report()).checks[0]!;
  };
  return { after, run, health, app: express().use(health), ...clock };
}

describe('thresholds', () => {
  it('hold a check up until it failed so many times in a row, and say how far it is', async () => {
    const { after } = asked({ failureThreshold: 3 });
    await after('up');
    expect(await after('down')).toMatchObject({ status: 'up', message: 'failed 1 of 3 times in a row: no luck' });
    expect(await after('down')).toMatchObject({ status: 'up', message: 'failed 2 of 3 times in a row: no luck' });
    expect(await after('down')).toMatchObject({ status: 'down', message: 'no luck' });
  });

  it('start to count anew after a pass', async () => {
    const { after } = asked({ failureThreshold: 2 });
    expect(await after('up', 'down', 'degraded', 'down')).toMatchObject({ status: 'degraded' });
    expect(await after('down')).toMatchObject({ status: 'down' });
  });

  it('hold a check down until it passed so many times in a row', async () => {
    const { after } = asked({ successThreshold: 2 });
    expect(await after('down', 'up')).toMatchObject({ status: 'down', message: 'passed 1 of 2 times in a row' });
    expect(await after('up')).toMatchObject({ status: 'up' });
    expect((await after('up')).message).toBeUndefined();
  });

  it('do not hide what is down from the beginning', async () => {
    expect(await asked({ failureThreshold: 9 }).after('down')).toMatchObject({ status: 'down' });
  });

  it('let a failure that is held back be looked at again within a second', async () => {
    const { after, run, advance, health } = asked({ failureThreshold: 2 });
    await after('up', 'down');
    const runs = run.mock.calls.length;
    advance(999);
    await health.report();
    expect(run).toHaveBeenCalledTimes(runs);
    advance(1);
    expect((await health.report()).checks[0]).toMatchObject({ status: 'down' });
  });

  it('do not wait for runs that cannot come because the earlier ones hang', async () => {
    const clock = fakeClock();
    let hangs = false;
    const run = () => (hangs ? new Promise<undefined>(() => undefined) : undefined);
    const checks = [{ name: 'queue', run, timeoutMs: 5, failureThreshold: 10 }];
    const health = createHealthRouter({ checks, now: clock.now });
    await health.report();
    hangs = true;
    const statuses: string[] = [];
    for (let probe = 0; probe < 4; probe += 1) {
      clock.advance(5000);
      statuses.push((await health.report()).status);
    }
    expect(statuses).toEqual(['ok', 'ok', 'error', 'error']);
  });

  it('hold back line, count and onChange as well', async () => {
    const logger = recordingLogger();
    const onChange = vi.fn();
    const { after } = asked({ failureThreshold: 2, successThreshold: 2 }, { logger, onChange });
    await after('up', 'down', 'up', 'down', 'down', 'up', 'up');
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'Health check queue is down: no luck',
      'Health check queue is up',
    ]);
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2));
  });
});

describe('cache times of a check', () => {
  it.each([
    [{ cacheTtlMs: 60_000 }, 59_999],
    [{ cacheTtlMs: 2000 }, 1999],
    [{ failureCacheTtlMs: 0 }, 4999],
  ])('%o: a pass is repeated on /health for that long', async (declared, ageMs) => {
    const { run, app, advance } = asked(declared);
    await request(app).get('/health');
    advance(ageMs);
    await request(app).get('/health');
    expect(run).toHaveBeenCalledTimes(1);
    advance(1);
    await request(app).get('/health');
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('do not let readiness repeat a pass for longer than a second', async () => {
    const { run, app, advance } = asked({ cacheTtlMs: 60_000 });
    await request(app).get('/readyz');
    advance(1000);
    await request(app).get('/readyz');
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('say for how long a failure is repeated, which is a second at most', async () => {
    const { after, run, advance, health } = asked({ failureCacheTtlMs: 200 });
    await after('down');
    const runs = run.mock.calls.length;
    advance(199);
    await health.report();
    expect(run).toHaveBeenCalledTimes(runs);
    advance(1);
    await health.report();
    expect(run).toHaveBeenCalledTimes(runs + 1);
    expect(() => asked({ failureCacheTtlMs: 1001 })).toThrow(/failureCacheTtlMs must be a whole number from 0 to 1000/);
  });
});

describe('a check with refreshMs', () => {
  it('runs without being asked, so that a change is seen, until the router is closed', async () => {
    const onChange = vi.fn();
    let status: CheckStatus = 'up';
    const run = vi.fn(() => ({ status }));
    const health = createHealthRouter({ checks: [{ name: 'queue', refreshMs: 5, run }], onChange });
    await vi.waitFor(() => expect(run).toHaveBeenCalled());
    status = 'down';
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledOnce());
    await health.close();
    await health.close();
    const runs = run.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(run).toHaveBeenCalledTimes(runs);
    expect((await health.report()).status).toBe('error');
  });

  it('is not run by itself while the service drains, nor once it was removed', async () => {
    const run = vi.fn(() => undefined);
    const draining = createHealthRouter({ checks: [{ name: 'queue', refreshMs: 2, run }], state: () => 'draining' });
    const emptied = createHealthRouter();
    emptied.add({ name: 'queue', refreshMs: 2, run })();
    await emptied.close();
    emptied.add({ name: 'queue', refreshMs: 2, run });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(run).not.toHaveBeenCalled();
    await draining.close();
  });
});

describe('the series of a check', () => {
  it('exist before its first run, and one says when it last passed', async () => {
    const registry = new Registry();
    const { after } = asked({}, { registry });
    const before = await registry.metrics();
    expect(before).toContain('health_check_status{check="queue",status="unknown"} 1');
    expect(before).toContain('health_check_status{check="queue",status="down"} 0');
    expect(before).toContain('health_check_critical{check="queue"} 1');
    expect(before).toContain('health_check_transitions_total{check="queue",to="down"} 0');
    expect(before).not.toContain('last_success_timestamp_seconds{');
    await after('up', 'down');
    const text = await registry.metrics();
    expect(text).toContain('health_check_status{check="queue",status="unknown"} 0');
    expect(text).toContain('health_check_status{check="queue",status="down"} 1');
    expect(text).toContain('health_check_last_success_timestamp_seconds{check="queue"} 60');
  });

  it('are gone with the check: names that come and go do not collect', async () => {
    const registry = new Registry();
    const health = createHealthRouter({ registry });
    for (let tenant = 0; tenant < 100; tenant += 1) {
      const remove = health.add({ name: `tenant-${tenant}`, run: () => ({ status: 'down' }) });
      await health.report();
      remove();
    }
    expect(await registry.metrics()).not.toContain('tenant-');
  });
});

describe('many probes', () => {
  it('leave no listener, no timer and no growing heap behind: 20 000 runs', async () => {
    const health = createHealthRouter({ checks: [{ name: 'queue', run: () => undefined }], cacheTtlMs: 0 });
    const probe = async (times: number) => {
      for (let run = 0; run < times; run += 1) await health.report();
    };
    await probe(2000);
    const before = process.getActiveResourcesInfo().length;
    const heap = process.memoryUsage().heapUsed;
    await probe(20_000);
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before + 5);
    // A leak of one signal per run would be tens of megabytes; garbage that was not collected yet is a few.
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(30 * 1024 * 1024);
  });
});
