import express from 'express';
import request from 'supertest';
import { describe, expect, it, vi } from 'vitest';
import { createHealthRouter, type CheckResult, type HealthCheck } from 'express-runbook';
import { fakeClock } from 'express-runbook/testing';

const never = new Promise<undefined>(() => undefined);

/** A check whose runs are answered by the test. */
function gate(name = 'database') {
  const runs: { signal: AbortSignal; settle: (result?: CheckResult) => void; fail: (error: unknown) => void }[] = [];
  const check: HealthCheck = {
    name,
    run: (signal) =>
      new Promise((settle, fail) => {
        runs.push({ signal, settle: (result) => settle(result), fail });
      }),
  };
  return { check, runs };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('a check that does not answer', () => {
  it('is reported down by the response deadline although it never does (HLT-04, CFG-37, S10)', async () => {
    const health = createHealthRouter({
      checks: [
        { name: 'database', run: () => never },
        { name: 'cache', run: () => undefined },
      ],
      responseDeadlineMs: 30,
      details: 'always',
    });
    const app = express().use(health);
    const response = await request(app).get('/health').expect(503);
    expect(response.body.details.database).toMatchObject({
      status: 'down',
      reason: 'timeout',
      message: 'no answer within 30 ms',
    });
    expect(response.body.details.cache.status).toBe('up');
    expect((await request(app).get('/readyz').expect(503)).body.checks).toEqual({ database: 'down', cache: 'up' });
  });

  it('holds no liveness probe up, while 200 readiness probes wait for it (S9)', async () => {
    const { check, runs } = gate();
    // On a busy machine it takes seconds to open 200 connections.
    const times = { timeoutMs: 30_000, responseDeadlineMs: 30_000 };
    const server = express()
      .use(createHealthRouter({ checks: [check], ...times }))
      .listen(0);
    try {
      const waiting = Array.from({ length: 200 }, () =>
        request(server)
          .get('/readyz')
          .then((answer) => answer.status),
      );
      await vi.waitFor(() => expect(runs).toHaveLength(1));
      await request(server).get('/livez').expect(200);
      runs[0]!.settle();
      expect(new Set(await Promise.all(waiting))).toEqual(new Set([200]));
      expect(runs).toHaveLength(1);
    } finally {
      server.close();
    }
  });

  it('is told at its deadline to give up, and is down with the time it had (HLT-13)', async () => {
    const { check, runs } = gate();
    const health = createHealthRouter({ checks: [{ ...check, timeoutMs: 20 }] });
    const { checks } = await health.report();
    expect(checks[0]).toMatchObject({ status: 'down', reason: 'timeout', message: 'timed out after 20 ms' });
    expect(runs[0]!.signal.aborted).toBe(true);
  });

  it('fills the cache when it answers after the response but before its own deadline', async () => {
    const { check, runs } = gate();
    const health = createHealthRouter({ checks: [check], responseDeadlineMs: 20, timeoutMs: 5000 });
    const app = express().use(health);
    await request(app).get('/health').expect(503);
    runs[0]!.settle();
    await tick();
    await request(app).get('/health').expect(200);
    expect(runs).toHaveLength(1);
  });

  it('changes nothing when it answers after its own deadline (S10)', async () => {
    const { check, runs } = gate();
    const { now } = fakeClock();
    const health = createHealthRouter({ checks: [check], timeoutMs: 20, now });
    expect((await health.report()).status).toBe('error');
    runs[0]!.settle();
    await tick();
    expect((await health.report()).checks[0]).toMatchObject({ reason: 'timeout' });
  });

  it('does not end the process when it rejects after its own deadline', async () => {
    const { check, runs } = gate();
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    await createHealthRouter({ checks: [check], timeoutMs: 20 }).report();
    runs[0]!.fail(new Error('late'));
    await tick();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('is not run again and again while three runs hang, but anew once one ended or 30 s have passed', async () => {
    const { check, runs } = gate();
    const { now, advance } = fakeClock();
    const health = createHealthRouter({ checks: [check], timeoutMs: 5, now });
    for (let probe = 0; probe < 8; probe += 1) {
      expect((await health.report()).status).toBe('error');
      advance(1000);
    }
    expect(runs).toHaveLength(3);
    runs[0]!.settle();
    await tick();
    await health.report();
    expect(runs).toHaveLength(4);
    advance(30_000);
    await health.report();
    expect(runs).toHaveLength(5);
  });
});

describe('a check that fails', () => {
  const cases: [string, HealthCheck['run'], string][] = [
    [
      'throws at once',
      () => {
        throw new Error('secret');
      },
      'failed',
    ],
    ['rejects', () => Promise.reject(new Error('secret')), 'failed'],
    [
      'throws a string',
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw 'secret';
      },
      'failed',
    ],
    [
      'throws nothing',
      () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw undefined;
      },
      'failed',
    ],
    ['returns null', () => null as never, 'malformed'],
    ['returns a boolean', () => true as never, 'malformed'],
    ['returns the result of a query', () => ({ rows: [] }) as never, 'malformed'],
    ['returns a word of its own', () => ({ status: 'fine' }) as never, 'malformed'],
    ['returns a message that is no text', () => ({ status: 'up', message: 5 }) as never, 'malformed'],
    ['returns details that JSON cannot hold', () => ({ status: 'up', details: { n: 1n } }), 'malformed'],
    [
      'returns a result that throws when read',
      () => ({
        get status(): 'up' {
          throw new Error('secret');
        },
      }),
      'malformed',
    ],
  ];

  it.each(cases)(
    'because it %s is down alone, and nothing of the error shows (HLT-27, S10)',
    async (_what, run, reason) => {
      const checks = [
        { name: 'broken', run },
        { name: 'database', run: () => undefined },
      ];
      const app = express().use(createHealthRouter({ checks, details: 'always' }));
      const response = await request(app).get('/health').expect(503);
      expect(response.body.details.broken).toMatchObject({ status: 'down', reason });
      expect(response.body.details.database.status).toBe('up');
      expect(response.text).not.toContain('secret');
      await request(app).get('/readyz').expect(503);
    },
  );
});

describe('repeating a result', () => {
  function counted(result?: CheckResult) {
    const run = vi.fn(() => result);
    const clock = fakeClock(1_700_000_000_000);
    const health = createHealthRouter({ checks: [{ name: 'database', run }], now: clock.now });
    return { run, ...clock, health, app: express().use(health) };
  }

  it('answers 100 probes at once with one run (HLT-13, S11)', async () => {
    const { check, runs } = gate();
    const health = createHealthRouter({ checks: [check] });
    const reports = Array.from({ length: 100 }, () => health.report());
    await tick();
    runs[0]!.settle();
    for (const { status } of await Promise.all(reports)) expect(status).toBe('ok');
    expect(runs).toHaveLength(1);
  });

  it('lasts 5000 ms for a pass on /health (CFG-38, HLT-11, X-58)', async () => {
    const { run, app, advance } = counted();
    await request(app).get('/health');
    advance(4999);
    await request(app).get('/health');
    expect(run).toHaveBeenCalledTimes(1);
    advance(1);
    await request(app).get('/health');
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('lasts 1000 ms for a pass on readiness (HLT-04)', async () => {
    const { run, app, advance } = counted();
    await request(app).get('/health');
    advance(999);
    await request(app).get('/readyz');
    expect(run).toHaveBeenCalledTimes(1);
    advance(1);
    await request(app).get('/readyz');
    expect(run).toHaveBeenCalledTimes(2);
  });

  it.each(['/health', '/readyz'])('lasts 1000 ms for a failure on %s (X-58)', async (path) => {
    const { run, app, advance } = counted({ status: 'down' });
    await request(app).get(path).expect(503);
    advance(999);
    await request(app).get(path).expect(503);
    expect(run).toHaveBeenCalledTimes(1);
    advance(1);
    await request(app).get(path).expect(503);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('is over at once when the clock was set back', async () => {
    const { run, app, now, set } = counted();
    await request(app).get('/health');
    set(now() - 60_000);
    await request(app).get('/health');
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('can be switched off', async () => {
    const run = vi.fn(() => undefined);
    const app = express().use(createHealthRouter({ checks: [{ name: 'database', run }], cacheTtlMs: 0, now: () => 0 }));
    for (const path of ['/health', '/health', '/readyz']) await request(app).get(path).expect(200);
    expect(run).toHaveBeenCalledTimes(3);
  });

  it('is over for /health too once readiness has seen the failure (HLT-11)', async () => {
    let result: CheckResult = { status: 'up' };
    const { now, advance } = fakeClock();
    const app = express().use(createHealthRouter({ checks: [{ name: 'database', run: () => result }], now }));
    await request(app).get('/health').expect(200);
    await request(app).get('/health').expect(200);
    result = { status: 'down' };
    advance(1000);
    await request(app).get('/readyz').expect(503);
    await request(app).get('/health').expect(503);
  });
});

describe('invalidate', () => {
  it('drops a pass at once, of all checks or of the one that is named (HLT-04)', async () => {
    const runs = { database: vi.fn(() => undefined), redis: vi.fn(() => undefined) };
    const checks = Object.entries(runs).map(([name, run]) => ({ name, run }));
    const health = createHealthRouter({ checks, now: () => 0 });
    const app = express().use(health);
    await request(app).get('/health');
    health.invalidate('database');
    await request(app).get('/health');
    expect([runs.database.mock.calls.length, runs.redis.mock.calls.length]).toEqual([2, 1]);
    health.invalidate();
    await request(app).get('/health');
    expect([runs.database.mock.calls.length, runs.redis.mock.calls.length]).toEqual([3, 2]);
  });

  it('does not believe a run that began before', async () => {
    const { check, runs } = gate();
    const health = createHealthRouter({ checks: [check], now: () => 0 });
    const before = health.report();
    await tick();
    health.invalidate();
    runs[0]!.settle();
    await before;
    const after = health.report();
    await tick();
    runs[1]!.settle({ status: 'down' });
    expect((await after).status).toBe('error');
  });

  it('is safe in an error handler: an unknown name changes nothing', () => {
    expect(() => createHealthRouter().invalidate('nobody')).not.toThrow();
  });
});

describe('checks that come and go', () => {
  it('are seen by the next answer, also inside the cache window', async () => {
    const health = createHealthRouter({ now: () => 0 });
    const app = express().use(health);
    await request(app).get('/health').expect(200);
    const remove = health.add({ name: 'queue', run: () => ({ status: 'down' }) });
    await request(app).get('/health').expect(503);
    remove();
    remove();
    expect((await request(app).get('/health').expect(200)).body.details).toEqual({});
  });

  it('leave their name to a successor, which the old remover does not touch', async () => {
    const health = createHealthRouter();
    const remove = health.add({ name: 'queue', run: () => undefined });
    remove();
    health.add({ name: 'queue', run: () => undefined });
    remove();
    expect((await health.report()).checks).toHaveLength(1);
  });
});
