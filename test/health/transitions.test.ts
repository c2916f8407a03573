import express from 'express';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import {
  cpuCheck,
  createHealthRouter,
  databaseCheck,
  memoryCheck,
  type CheckResult,
  type HealthTransition,
} from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';

/** A router whose one check says what the test wants, on a clock that moves a minute with every report. */
function flipping(options: Parameters<typeof createHealthRouter>[0] = {}) {
  const clock = fakeClock();
  let result: CheckResult | Error = { status: 'up' };
  const run = () => {
    if (result instanceof Error) throw result;
    return result;
  };
  const logger = recordingLogger();
  const health = createHealthRouter({ checks: [{ name: 'database', run }], now: clock.now, logger, ...options });
  const becomes = async (next: CheckResult | Error) => {
    result = next;
    clock.advance(60_000);
    await health.report();
  };
  return { becomes, health, logger };
}

describe('a change of status', () => {
  it('is logged once, with the word database and the error behind it (HLT-40)', async () => {
    const { becomes, logger } = flipping();
    const error = new Error('connect ECONNREFUSED 10.1.2.3:5432');
    await becomes({ status: 'up' });
    await becomes(error);
    await becomes(error);
    await becomes({ status: 'degraded', message: 'slow' });
    await becomes({ status: 'up' });
    expect(logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'Health check database is down: database is not available'],
      ['warn', 'Health check database is degraded: slow'],
      ['info', 'Health check database is up'],
    ]);
    expect(logger.lines[0]?.fields).toMatchObject({
      check: 'database',
      from: 'up',
      to: 'down',
      reason: 'failed',
      err: error,
    });
  });

  it('of a check that is not critical is a warning', async () => {
    const logger = recordingLogger();
    const check = { name: 'search', critical: false, run: () => ({ status: 'down' as const }) };
    await createHealthRouter({ checks: [check], logger }).report();
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn']);
  });

  it('of memory says so in the words that the runbook greps (LOG-33)', async () => {
    const logger = recordingLogger();
    const read = () => ({ heapUsedBytes: 85, heapTotalBytes: 90, heapLimitBytes: 100, rssBytes: 100 });
    await createHealthRouter({ checks: [memoryCheck({ read })], logger }).report();
    expect(logger.lines[0]).toMatchObject({ level: 'warn' });
    expect(logger.lines[0]?.message).toContain('Memory usage above threshold');
  });

  it('of the processors does so once it has held for 30 seconds (LOG-34)', async () => {
    const logger = recordingLogger();
    const clock = fakeClock();
    const read = () => ({ busyCores: 1.9, cores: 2 });
    const check = cpuCheck({ read, now: clock.now });
    const router = createHealthRouter({ checks: [{ ...check, cacheTtlMs: 0 }], logger });
    await router.report();
    expect(logger.lines).toEqual([]);
    clock.set(30_000);
    await router.report();
    expect(logger.lines).toHaveLength(1);
    expect(logger.lines[0]).toMatchObject({ level: 'warn' });
    expect(logger.lines[0]?.message).toContain('CPU usage above threshold');
  });

  it('of the database keeps its error out of every body and gives it to the log (HLT-27, HLT-40)', async () => {
    const error = new Error('password authentication failed for user "app" at postgres://app:hunter2@db.internal');
    const pool = {
      query: () => Promise.reject(error),
      end: () => Promise.resolve(),
      on: () => undefined,
      totalCount: 0,
      idleCount: 0,
      waitingCount: 0,
      options: { max: 10 },
    };
    const logger = recordingLogger();
    const app = express().use(createHealthRouter({ checks: [databaseCheck({ pool })], logger }));
    for (const path of ['/health', '/readyz']) {
      const { text } = await request(app).get(path).expect(503);
      expect(text).not.toMatch(/hunter2|internal|authentication|stack/);
    }
    expect(logger.lines).toHaveLength(1);
    expect(logger.lines[0]?.message).toBe('Health check database is down: database is not reachable');
    expect(logger.lines[0]?.fields.err).toBe(error);
  });

  it('is handed to onChange', async () => {
    const seen: HealthTransition[] = [];
    const { becomes } = flipping({ onChange: (transition) => void seen.push(transition) });
    await becomes({ status: 'down', message: 'gone' });
    await becomes({ status: 'up' });
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    expect(seen).toEqual([
      { check: 'database', critical: true, from: 'unknown', to: 'down', message: 'gone', at: 60_000 },
      { check: 'database', critical: true, from: 'down', to: 'up', at: 120_000 },
    ]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
  ])('changes no answer when onChange %s, and the failure is logged', async (_how, onChange) => {
    const { becomes, health, logger } = flipping({ onChange });
    await becomes({ status: 'down' });
    expect((await health.report()).status).toBe('error');
    await vi.waitFor(() => expect(logger.lines.at(-1)?.message).toContain('onChange'));
  });

  it('does not end the process when onChange and the logger both fail', async () => {
    const unhandled = vi.fn();
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    process.on('unhandledRejection', unhandled);
    const fail = () => {
      throw new Error('no');
    };
    const logger = { ...recordingLogger(), error: fail };
    const check = { name: 'search', critical: false, run: () => ({ status: 'down' as const }) };
    await createHealthRouter({ checks: [check], logger, onChange: fail }).report();
    await vi.waitFor(() => expect(warning).toHaveBeenCalled());
    process.off('unhandledRejection', unhandled);
    warning.mockRestore();
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('changes no answer when the logger throws', async () => {
    const fail = () => {
      throw new Error('log is full');
    };
    const logger = { debug: fail, info: fail, warn: fail, error: fail, fatal: fail };
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const app = express().use(createHealthRouter({ checks: [{ name: 'x', run: () => ({ status: 'down' }) }], logger }));
    await request(app).get('/health').expect(503);
    expect(warning).toHaveBeenCalled();
    warning.mockRestore();
  });
});

describe('the metrics', () => {
  it('have one series for each status, the runs and the changes', async () => {
    const registry = new Registry();
    const { becomes, health } = flipping({ registry });
    await becomes({ status: 'up' });
    await becomes({ status: 'down' });
    await health.report();
    const text = await registry.metrics();
    expect(text).toContain('health_check_status{check="database",status="up"} 0');
    expect(text).toContain('health_check_status{check="database",status="degraded"} 0');
    expect(text).toContain('health_check_status{check="database",status="down"} 1');
    expect(text).toContain('health_check_duration_seconds_count{check="database"} 2');
    expect(text).toContain('health_check_transitions_total{check="database",to="down"} 1');
  });

  it('show no status of a check that was removed', async () => {
    const registry = new Registry();
    const health = createHealthRouter({ registry });
    const remove = health.add({ name: 'queue', run: () => undefined });
    await health.report();
    remove();
    expect(await registry.metrics()).not.toContain('health_check_status{');
  });

  it('may be shared by two routers', () => {
    const registry = new Registry();
    createHealthRouter({ registry });
    expect(() => createHealthRouter({ registry })).not.toThrow();
  });
});
