import { Counter, Histogram, Registry } from 'prom-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ALERT_PRESETS,
  createAlerts,
  type AlertRule,
  type AlertsOptions,
  type HealthView,
} from 'express-runbook/alerts';
import { fakeClock } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
import { recordingChannel, told } from './recording-channel.js';

const MINUTE = 60_000;
const AT = Date.UTC(2026, 10, 22);
const RULE: AlertRule = {
  name: 'HighErrorRatio',
  measure: 'errorRatio',
  comparison: 'above',
  warning: { threshold: 0.05, holdSeconds: 300 },
  summary: 'Too many errors.',
};
const AT_ONCE: AlertRule = { ...RULE, warning: { threshold: 0.05, holdSeconds: 0, severity: 'high' } };

/** Alerts over a number that the test sets, and a clock that it moves. */
function watching(rule: AlertRule, options: Partial<AlertsOptions> = {}) {
  const clock = fakeClock(AT);
  const channel = recordingChannel();
  const logger = recordingLogger();
  const registry = new Registry();
  const measured: { value: number | undefined } = { value: 0 };
  const alerts = createAlerts({
    service: 'orders',
    rules: [rule],
    channels: [channel],
    measures: { [rule.measure]: () => measured.value },
    intervalMs: 0,
    registry,
    logger,
    now: clock.now,
    ...options,
  });
  return {
    ...{ alerts, clock, channel, logger, registry, measured, events: channel.events },
    look: async (value: number | undefined, afterMs = 0): Promise<void> => {
      clock.advance(afterMs);
      measured.value = value;
      await alerts.tick();
      await alerts.flush();
    },
  };
}

describe('a rule', () => {
  it('tells nobody of what does not last for its hold time, and once of what does (ALR-20, ALR-28)', async () => {
    const { look, events } = watching(RULE);
    await look(0.06);
    await look(0.06, 5 * MINUTE - 1000);
    await look(0.04, 500);
    await look(0.06, 500);
    await look(0.06, 5 * MINUTE - 1);
    expect(events).toEqual([]);
    for (let times = 0; times < 10; times++) await look(0.06, 1000);
    expect(told(events)).toEqual(['firing medium HighErrorRatio']);
    await look(0.01, MINUTE);
    await look(0.01, MINUTE);
    expect(told(events)).toEqual(['firing medium HighErrorRatio', 'resolved medium HighErrorRatio']);
  });

  it('says the number with two decimals, the threshold, where to read on, and what the service calls it (ALR-24, INC-01)', async () => {
    const { look, events } = watching(AT_ONCE, {
      runbooks: 'https://runbooks.example/',
      levels: ALERT_PRESETS.builder.incidentLevels,
    });
    await look(0.0523);
    expect(events[0]).toMatchObject({
      message: 'Too many errors. Now 5.23%; alert above 5.00%.',
      metadata: { measure: 'errorRatio', value: 0.0523, threshold: 0.05 },
      runbook: 'https://runbooks.example/HighErrorRatio.md',
      level: 'P2',
      key: 'orders/HighErrorRatio',
      service: 'orders',
    });
  });

  it.each(['above', 'below'] as const)(
    'that is broken %s its threshold is over only once the value is back by a margin, for a while',
    async (comparison) => {
      const sign = comparison === 'above' ? 1 : -1;
      const rule: AlertRule = {
        ...RULE,
        measure: 'cacheHitRatio',
        comparison,
        warning: { threshold: 0.8, holdSeconds: 0 },
      };
      const { look, events } = watching(rule);
      await look(0.8 + 0.01 * sign);
      for (let times = 0; times < 5; times++) await look(0.8 - 0.01 * sign, MINUTE);
      expect(events).toHaveLength(1);
      await look(0.8 - 0.09 * sign, MINUTE);
      await look(0.8 - 0.09 * sign, MINUTE - 1);
      expect(events).toHaveLength(1);
      await look(0.8 - 0.09 * sign, 1);
      expect(told(events)).toEqual([`firing medium HighErrorRatio`, 'resolved medium HighErrorRatio']);
    },
  );

  it('with two levels tells of the worse one at once, and when it is only bad again', async () => {
    const rule = { ...AT_ONCE, critical: { threshold: 0.2, holdSeconds: 0 } };
    const page = recordingChannel({ name: 'page', severities: ['critical'] });
    const people = recordingChannel();
    const { look } = watching(rule, { channels: [people, page], resolveAfterMs: 0 });
    await look(0.1);
    await look(0.3, 1000);
    await look(0.1, 2 * MINUTE);
    await look(0, 2 * MINUTE);
    expect(told(people.events)).toEqual([
      'firing high HighErrorRatio',
      'firing critical HighErrorRatio',
      'firing high HighErrorRatio',
      'resolved high HighErrorRatio',
    ]);
    // Whoever is called for critical ones alone hears the end of it.
    expect(told(page.events)).toEqual(['firing critical HighErrorRatio', 'resolved critical HighErrorRatio']);
  });

  it('that has told of a warning holds for the whole time of its critical level before it is critical (ALR-20)', async () => {
    const { look, events } = watching({ ...AT_ONCE, critical: { threshold: 0.2, holdSeconds: 300 } });
    await look(0.1);
    await look(0.3, 1000);
    await look(0.3, 5 * MINUTE - 1);
    expect(told(events)).toEqual(['firing high HighErrorRatio']);
    await look(0.3, 1);
    expect(told(events.slice(1))).toEqual(['firing critical HighErrorRatio']);
  });

  it('whose measure cannot be read for a while is neither over nor told anew (ALR-29)', async () => {
    const broken = { is: false };
    const measures = { errorRatio: () => (broken.is ? Promise.reject(new Error('no')) : 0.5) };
    const { look, events, alerts } = watching(AT_ONCE, { measures, resolveAfterMs: 0, repeatMs: 0 });
    await look(0);
    broken.is = true;
    for (let times = 0; times < 5; times++) await look(0, 2 * MINUTE);
    expect(alerts.active()).toMatchObject([{ message: 'Too many errors. It cannot be read now; alert above 5.00%.' }]);
    broken.is = false;
    await look(0, MINUTE);
    expect(told(events)).toEqual(['firing high HighErrorRatio']);
  });

  it('that goes on is told again every ten minutes, and not at all with repeatMs 0', async () => {
    const { look, events } = watching(AT_ONCE);
    const silent = watching(AT_ONCE, { repeatMs: 0 });
    for (let minutes = 0; minutes <= 25; minutes++) {
      await look(0.5, MINUTE);
      await silent.look(0.5, MINUTE);
    }
    expect(told(events)).toEqual([
      'firing high HighErrorRatio',
      'firing high HighErrorRatio again',
      'firing high HighErrorRatio again',
    ]);
    expect(silent.events).toHaveLength(1);
  });

  it('that flaps a hundred times in a minute makes two messages, and then the last word is told (S40)', async () => {
    const { look, events, registry } = watching(AT_ONCE, { resolveAfterMs: 0 });
    for (let flap = 0; flap < 100; flap++) {
      await look(0.5, 300);
      await look(0, 299);
    }
    expect(told(events)).toEqual(['firing high HighErrorRatio', 'resolved high HighErrorRatio']);
    await look(0.5, 300);
    await look(0.5, MINUTE);
    expect(told(events.slice(2))).toEqual(['firing high HighErrorRatio']);
    expect(events[2]?.heldBack).toBe(198);
    expect(await registry.metrics()).toMatch(/^alerts_held_back_total\{reason="flood"\} \d+$/m);
  });

  it('does not make more messages in a minute than may be, whatever breaks; the rest follow (S40)', async () => {
    const services = Array.from({ length: 50 }, (_, index) => ({ resource: `service ${String(index)}`, value: 1 }));
    const rule: AlertRule = { ...AT_ONCE, measure: 'externalServiceDown', warning: { threshold: 0, holdSeconds: 0 } };
    const { look, events } = watching(rule, { measures: { externalServiceDown: () => services } });
    await look(undefined);
    expect(events).toHaveLength(30);
    await look(undefined, MINUTE);
    expect(new Set(events.map(({ resource }) => resource)).size).toBe(50);
  });

  it('is told although a thousand different alerts were sent; more of those are counted, and named once a minute', async () => {
    const { look, alerts, clock, events, logger, registry } = watching(AT_ONCE);
    const send = async (from: number, to: number): Promise<void> => {
      for (let number = from; number < to; number++) {
        await alerts.sendAlert({ name: `order ${String(number)}`, severity: 'low', message: 'm', metadata: {} });
      }
      await alerts.flush();
    };
    // Two more than may wait at once, then two more than are remembered.
    await send(0, 1002);
    await send(1002, 1004);
    const warnings = () => logger.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields);
    expect(warnings()).toEqual([{ alert: 'order 1000' }]);
    expect(await registry.metrics()).toContain('alerts_held_back_total{reason="too_many"} 4');
    events.length = 0;
    await look(0.5, MINUTE);
    expect(told(events)[0]).toBe('firing high HighErrorRatio');
    clock.advance(1);
    await send(1004, 1005);
    expect(warnings()).toEqual([{ alert: 'order 1000' }, { alert: 'order 1004' }]);
  });

  it('about which nothing in the process knows is named in the log, once', () => {
    const { logger } = watching({ ...RULE, name: 'Dead', measure: 'livenessFailing' }, { measures: {} });
    expect(logger.lines).toMatchObject([{ level: 'info', fields: { rules: ['Dead'] } }]);
  });

  it('whose measure fails or hangs takes no other rule along (ALR-29)', async () => {
    const clock = fakeClock(AT);
    const { events, ...channel } = recordingChannel();
    const logger = recordingLogger();
    const alerts = createAlerts({
      service: 'orders',
      rules: [RULE, { ...AT_ONCE, name: 'DeepQueue', measure: 'jobQueueDepth' }],
      measures: {
        errorRatio: () => {
          throw new Error('no');
        },
        jobQueueDepth: () => Promise.resolve(101),
      },
      channels: [{ ...channel }],
      intervalMs: 0,
      logger,
      now: clock.now,
    });
    await alerts.tick();
    await alerts.tick();
    await alerts.flush();
    expect(told(events)).toEqual(['firing high DeepQueue']);
    expect(logger.lines.filter(({ message }) => message === 'A measure of alerts cannot be read')).toHaveLength(1);
  });
});

describe('a look', () => {
  afterEach(() => void vi.useRealTimers());

  it.each<[string, () => Promise<void>]>([
    ['hangs', () => new Promise(() => undefined)],
    ['throws', () => Promise.reject(new Error('no'))],
  ])('ends although a collector %s, and only the rules about that metric are not looked at', async (_what, collect) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const registry = new Registry();
    const requests = new Counter({
      name: 'http_requests_total',
      help: 'r',
      labelNames: ['status'],
      registers: [registry],
    });
    const broken = { is: false };
    const seconds = new Histogram({
      name: 'http_request_duration_seconds',
      help: 's',
      buckets: [0.1, 0.5, 1],
      registers: [registry],
      collect: () => (broken.is ? collect() : undefined),
    });
    const slow: AlertRule = { ...AT_ONCE, name: 'Slow', measure: 'latencyP95' };
    const { alerts, events, logger, clock } = watching(AT_ONCE, { rules: [AT_ONCE, slow], registry, measures: {} });
    const look = async (): Promise<void> => {
      const looked = alerts.tick();
      await vi.advanceTimersByTimeAsync(2000);
      await looked;
      await alerts.flush();
      clock.advance(MINUTE);
    };
    for (let times = 0; times < 1000; times++) seconds.observe(0.8);
    broken.is = true;
    await look();
    requests.inc({ status: '500' }, 100);
    await look();
    expect(told(events)).toEqual(['firing high HighErrorRatio']);
    expect(logger.lines.filter(({ message }) => message === 'A measure of alerts cannot be read')).toMatchObject([
      { fields: { measure: 'latencyP95' } },
    ]);
    expect(await registry.getSingleMetric('alerts_evaluations_total')?.get()).toMatchObject({
      values: [{ value: 0 }, { value: 2, labels: { outcome: 'failed' } }],
    });
    // What had been before it could be read has not grown now.
    broken.is = false;
    await look();
    expect(events).toHaveLength(1);
    for (let times = 0; times < 1000; times++) seconds.observe(0.8);
    await look();
    expect(told(events.slice(1))).toEqual(['firing high Slow']);
  });

  it('ends although the health of the service never comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { alerts, events, measured, logger } = watching(AT_ONCE, { health: () => new Promise(() => undefined) });
    measured.value = 1;
    const looked = alerts.tick();
    await vi.advanceTimersByTimeAsync(10_000);
    await looked;
    await alerts.flush();
    expect(told(events)).toEqual(['firing high HighErrorRatio']);
    expect(logger.lines).toMatchObject([{ fields: { measure: 'health' } }, {}]);
  });
});

describe('the health of the service', () => {
  const rules = ALERT_PRESETS.builder.rules.filter(({ measure }) => /Failing|overallStatus/.test(measure));
  const up: HealthView = { state: 'ready', checks: [{ name: 'database', critical: true, status: 'up' }] };
  const at = (status: 'degraded' | 'down'): HealthView => ({
    state: 'ready',
    checks: [{ name: 'database', critical: true, status, message: 'no answer' }],
  });

  function ailing() {
    const known = { report: up };
    const set = watching(rules[0]!, {
      rules,
      health: () => Promise.resolve(known.report),
      measures: { livenessFailing: () => (known.report === up ? 0 : undefined) },
    });
    return {
      ...set,
      say: (report: HealthView, afterMs = 0) => ((known.report = report), set.look(undefined, afterMs)),
    };
  }

  it('is critical at once when it is in error, and after five minutes without readiness (ALR-17, ALR-18)', async () => {
    const { say, events } = ailing();
    await say(at('down'));
    expect(told(events)).toEqual(['firing critical ServiceUnhealthy']);
    expect(events[0]?.message).toBe('The health of the service is not ok. database down: no answer');
    await say(at('down'), 299_000);
    expect(events).toHaveLength(1);
    await say(at('down'), 2000);
    expect(told(events.slice(1))).toEqual(['firing critical ReadinessFailing']);
  });

  it('that cannot be had is neither better nor worse than it was', async () => {
    const known = { report: Promise.resolve(at('down')) };
    const { look, events } = watching(rules[0]!, {
      rules,
      measures: {},
      health: () => known.report,
      resolveAfterMs: 0,
    });
    await look(0);
    known.report = Promise.reject(new Error('no'));
    await look(0, MINUTE);
    expect(told(events)).toEqual(['firing critical ServiceUnhealthy']);
    known.report = Promise.resolve(up);
    await look(0, MINUTE);
    expect(told(events.slice(1))).toEqual(['resolved critical ServiceUnhealthy']);
  });

  it('is a warning once it has been degraded for fifteen minutes (ALR-18)', async () => {
    const { say, events } = ailing();
    await say(at('degraded'));
    await say(at('degraded'), 899_000);
    expect(events).toEqual([]);
    await say(at('degraded'), 2000);
    expect(told(events)).toEqual(['firing medium ServiceUnhealthy']);
  });

  it('says nothing while the service stops', async () => {
    const { say, events } = ailing();
    await say({ ...at('down'), state: 'draining' });
    await say({ ...at('down'), state: 'stopped' }, 600_000);
    expect(events).toEqual([]);
  });

  it('is critical when liveness fails, for whoever watches that (ALR-16)', async () => {
    const { look, events } = watching(rules.find(({ measure }) => measure === 'livenessFailing')!);
    await look(0);
    await look(1, 1);
    expect(told(events)).toEqual(['firing critical LivenessFailing']);
  });

  it('that changes has the rules looked at without waiting for their turn', async () => {
    const { alerts, events, measured } = watching(AT_ONCE, { intervalMs: MINUTE });
    measured.value = 1;
    alerts.healthChanged();
    await expect.poll(() => events.length).toBe(1);
    await alerts.close();
  });
});

describe('the metrics of the process', () => {
  function serving() {
    const registry = new Registry();
    const requests = new Counter({
      name: 'http_requests_total',
      help: 'r',
      labelNames: ['status', 'endpoint'],
      registers: [registry],
    });
    const seconds = new Histogram({
      name: 'http_request_duration_seconds',
      help: 's',
      buckets: [0.1, 0.5, 1],
      registers: [registry],
    });
    return {
      registry,
      serve: (count: number, failed: number, took = 0.05): void => {
        requests.inc({ status: '200' }, count - failed);
        requests.inc({ status: '500' }, failed);
        // A probe that is answered with 503 is no error of a request.
        requests.inc({ status: '503', endpoint: '/api/health/ready' }, 1000);
        for (let times = 0; times < count; times++) seconds.observe(took);
      },
    };
  }

  it('give the share of errors of the latest five minutes, and nothing for a handful of requests (ALR-01, T-32)', async () => {
    const { registry, serve } = serving();
    const { look, events } = watching(AT_ONCE, { registry, measures: {}, resolveAfterMs: 0 });
    serve(1000, 900);
    await look(0);
    // What had been before the first look does not count, and three of four are no share of anything.
    serve(4, 3);
    await look(0, MINUTE);
    expect(events).toEqual([]);
    serve(96, 3);
    await look(0, MINUTE);
    expect(events[0]?.metadata).toMatchObject({ value: 0.06 });
    serve(1000, 0);
    for (let minutes = 0; minutes < 6; minutes++) await look(0, MINUTE);
    expect(told(events)).toEqual(['firing high HighErrorRatio', 'resolved high HighErrorRatio']);
  });

  it('give percentile and average of the time of requests (ALR-02)', async () => {
    const { registry, serve } = serving();
    const slow: AlertRule = {
      ...AT_ONCE,
      name: 'P95',
      measure: 'latencyP95',
      warning: { threshold: 0.5, holdSeconds: 0 },
    };
    const mean: AlertRule = {
      ...slow,
      name: 'Mean',
      measure: 'latencyAverage',
      warning: { threshold: 0.1, holdSeconds: 0 },
    };
    const { look, events } = watching(slow, { rules: [slow, mean], registry, measures: {} });
    await look(0);
    serve(90, 0);
    serve(10, 0, 0.8);
    await look(0, MINUTE);
    expect(told(events)).toEqual(['firing medium P95', 'firing medium Mean']);
    // As histogram_quantile: the 95th of 100 lies in the middle of the bucket that begins at 0.5.
    expect(events[0]?.metadata.value).toBeCloseTo(0.75, 9);
    expect(events[1]?.metadata.value).toBeCloseTo(0.125, 9);
  });
});

describe('a silence', () => {
  it('keeps people from hearing, for as long as it was asked for, and logs what it keeps (S40)', async () => {
    const { look, alerts, events, logger, clock } = watching(AT_ONCE);
    const silence = await alerts.silence({
      name: 'HighErrorRatio',
      reason: 'deployment',
      by: 'ann',
      forMs: 5 * MINUTE,
    });
    expect(silence.until).toBe(AT + 5 * MINUTE);
    await look(0.5);
    await look(0.5, MINUTE);
    expect(events).toEqual([]);
    expect(alerts.active()).toMatchObject([{ name: 'HighErrorRatio', isSilenced: true }]);
    const kept = logger.lines.filter(({ message }) => message === 'Alert is not sent');
    expect(kept).toMatchObject([{ fields: { alert: 'HighErrorRatio', reason: 'silenced' } }]);
    clock.set(AT + 5 * MINUTE);
    await look(0.5);
    expect(told(events)).toEqual(['firing high HighErrorRatio']);
  });

  it('of another alert, or one that was ended, keeps nothing', async () => {
    const { look, alerts, events } = watching(AT_ONCE);
    await alerts.silence({ resource: 'other', reason: 'x', forMs: MINUTE });
    const { id } = await alerts.silence({ severity: 'high', reason: 'x', forMs: MINUTE });
    expect([await alerts.endSilence(id), await alerts.endSilence(id)]).toEqual([true, false]);
    await look(0.5);
    expect(events).toHaveLength(1);
  });

  it('must end, and say why', async () => {
    const { alerts } = watching(AT_ONCE);
    // @ts-expect-error a silence for ever
    await expect(alerts.silence({ reason: 'x' })).rejects.toMatchObject({ option: 'silence.forMs' });
    await expect(alerts.silence({ reason: '', forMs: 1 })).rejects.toMatchObject({ option: 'silence.reason' });
  });
});
