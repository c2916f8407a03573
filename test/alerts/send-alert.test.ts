import { Registry } from 'prom-client';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createLogger, createRedactor } from 'express-runbook';
import {
  AlertChannelError,
  createAlerts,
  type Alert,
  type AlertChannel,
  type AlertEvent,
  type AlertsOptions,
} from 'express-runbook/alerts';
import { fakeClock } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
import { recordingChannel, told } from './recording-channel.js';

const SAMPLE = {
  name: 'High Error Rate',
  severity: 'high',
  message: 'Error rate at 5.23%',
  metadata: { errorRate: 0.0523, threshold: 0.05 },
} as const;

function sending(options: Partial<AlertsOptions> = {}) {
  const clock = fakeClock(Date.UTC(2026, 10, 22));
  const stored: AlertEvent[] = [];
  const logger = recordingLogger();
  const onCall = recordingChannel({ name: 'on-call', severities: ['critical'] });
  const registry = new Registry();
  const alerts = createAlerts({
    service: 'beo',
    channels: [onCall],
    store: { append: (event) => Promise.resolve(void stored.push(event)) },
    ...{ logger, registry, intervalMs: 0, retryDelayMs: 1, now: clock.now },
    ...options,
  });
  const send = async (...sent: Alert[]): Promise<void> => {
    for (const one of sent) await alerts.sendAlert(one);
    await alerts.flush();
  };
  return { alerts, clock, stored, logger, onCall, registry, send };
}

describe('sendAlert', () => {
  it('takes name, severity, message and metadata (ALR-22)', () => {
    const { alerts } = sending();
    expectTypeOf(alerts.sendAlert).parameter(0).toEqualTypeOf<Alert>();
    expectTypeOf<Alert['severity']>().toEqualTypeOf<'low' | 'medium' | 'high' | 'critical'>();
    expectTypeOf(SAMPLE).toExtend<Alert>();
  });

  it('logs the alert, calls nobody for what is not critical, and stores it (ALR-23, ALR-24, LOG-44)', async () => {
    const { send, stored, logger, onCall } = sending();
    await send(SAMPLE);
    const { severity, message, metadata } = SAMPLE;
    expect(logger.lines).toEqual([
      { level: 'error', message: 'ALERT: High Error Rate', fields: { severity, message, metadata } },
    ]);
    expect(onCall.events).toEqual([]);
    expect(stored).toMatchObject([{ ...SAMPLE, service: 'beo', status: 'firing' }]);
  });

  it('calls whoever is on duty for what is critical, once, and stores it every time (ALR-23, ALR-25)', async () => {
    const { send, stored, onCall, clock } = sending();
    const critical: Alert = { ...SAMPLE, severity: 'critical' };
    await send(critical, critical);
    clock.advance(599_999);
    await send(critical);
    expect(told(onCall.events)).toEqual(['firing critical High Error Rate']);
    clock.advance(1);
    await send(critical);
    expect(onCall.events).toHaveLength(2);
    expect(stored).toHaveLength(4);
    expect(new Set(stored.map(({ id }) => id)).size).toBe(4);
  });

  it('keeps its own text where a line has a field of the same name (LOG-44)', async () => {
    const lines: string[] = [];
    const stdout = { write: (line: string) => lines.push(line) > 0 };
    const logger = createLogger({ service: 'beo', level: 'info', format: 'json', stdout });
    const { send } = sending({ logger });
    await send({ ...SAMPLE, metadata: { msg: 'mine', message: 'mine too' } });
    await logger.close();
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      msg: 'ALERT: High Error Rate',
      message: 'Error rate at 5.23%',
      metadata: { msg: 'mine', message: 'mine too' },
    });
  });

  it.each<[string, AlertsOptions['store']]>([
    ['rejects', { append: () => Promise.reject(new Error('password=hunter2')) }],
    [
      'throws',
      {
        append: () => {
          throw new Error('no');
        },
      },
    ],
  ])('neither throws nor waits when the store %s, and still calls (ALR-23)', async (_what, store) => {
    const { send, onCall, logger, registry } = sending({ store, retries: 1 });
    await send({ ...SAMPLE, severity: 'critical' });
    expect(onCall.events).toHaveLength(1);
    expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { channel: 'database', reason: 'Error' } });
    expect(JSON.stringify(logger.lines)).not.toContain('hunter2');
    expect(await registry.metrics()).toContain('alerts_messages_total{channel="database",outcome="failed"} 1');
  });

  it('comes back at once, however long a channel takes (S39)', async () => {
    const hanging: AlertChannel = { name: 'hanging', send: () => new Promise(() => undefined) };
    const { alerts, onCall } = sending({ channels: [hanging, recordingChannel()], sendTimeoutMs: 60_000 });
    const startedAt = performance.now();
    for (let times = 0; times < 1000; times++)
      await alerts.sendAlert({ ...SAMPLE, name: `alert ${String(times % 10)}` });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(onCall.events).toEqual([]);
  });

  it('takes whatever it is given: it is called where things go wrong', async () => {
    const { send, stored } = sending();
    const circle: Record<string, unknown> = { n: 1n };
    circle.circle = circle;
    // @ts-expect-error a program without types
    await send({ name: new Error('x'), severity: 'P0', message: undefined, metadata: circle });
    await send({ ...SAMPLE, message: 'x'.repeat(100_000), metadata: { big: 'x'.repeat(100_000), n: 1n } });
    expect(stored).toMatchObject([
      { name: 'x', severity: 'high', message: 'undefined', metadata: { note: 'left out: not to be written as JSON' } },
      { metadata: { note: expect.stringContaining('left out') } },
    ]);
    expect(stored[1]?.message.length).toBe(4000);
  });

  it('sends and stores no secret where there is a redactor', async () => {
    const page = recordingChannel();
    const { send, stored } = sending({ channels: [page], redactor: createRedactor() });
    const leak = 'postgres://app:hunter2@db/orders';
    await send({ ...SAMPLE, message: `cannot reach ${leak}`, metadata: { password: 'hunter2', url: leak } });
    expect(page.events[0]?.message).toMatch(/^cannot reach /);
    expect(JSON.stringify([stored, page.events])).not.toContain('hunter2');
  });

  it('forgets ids in names: of three thousand different alerts a thousand are told, at thirty a minute', async () => {
    const page = recordingChannel();
    const { alerts, registry, clock } = sending({ channels: [page], store: undefined });
    for (let id = 0; id < 3000; id++) await alerts.sendAlert({ ...SAMPLE, name: `request ${String(id)} failed` });
    await alerts.flush();
    expect(page.events.length).toBe(30);
    clock.advance(60_000);
    await alerts.tick();
    await alerts.flush();
    expect(page.events.length).toBe(60);
    expect(await registry.metrics()).toContain('alerts_active{severity="high"} 1000');
  });
});

describe('a channel', () => {
  it('that fails is tried again, and told of in a line without its words (S39, S41)', async () => {
    let calls = 0;
    const failing: AlertChannel = {
      name: 'failing',
      send: () => Promise.reject(++calls < 3 ? new Error('https://hooks.example/SECRET') : new Error('done')),
    };
    const { send, logger, registry } = sending({ channels: [failing], retries: 2 });
    await send(SAMPLE);
    expect(calls).toBe(3);
    const line = logger.lines.find(({ message }) => message === 'Alert could not be sent');
    expect(line).toMatchObject({
      level: 'warn',
      fields: { channel: 'failing', alert: 'High Error Rate', reason: 'Error' },
    });
    expect(JSON.stringify(logger.lines)).not.toContain('SECRET');
    expect(await registry.metrics()).toContain('alerts_messages_total{channel="failing",outcome="failed"} 1');
  });

  it('that did not work for a whole message is left alone for a while, and not at the end (S39)', async () => {
    let calls = 0;
    const failing: AlertChannel = { name: 'failing', send: () => Promise.reject(new Error(String(++calls))) };
    const { send, alerts } = sending({ channels: [failing], retries: 0, store: undefined });
    await send(SAMPLE);
    await alerts.sendAlert({ ...SAMPLE, name: 'Another' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toBe(1);
    await alerts.close();
    expect(calls).toBe(2);
  });

  it('that says so is not tried again', async () => {
    let calls = 0;
    const refusing: AlertChannel = {
      name: 'refusing',
      send: () => Promise.reject(new AlertChannelError(`refused ${String(++calls)}`, { mayRetry: false })),
    };
    const { send, logger } = sending({ channels: [refusing] });
    await send(SAMPLE);
    expect([calls, logger.lines.at(-1)?.fields.reason]).toEqual([1, 'refused 1']);
  });

  it('that hangs is given up, and delays no other (S39)', async () => {
    const hanging: AlertChannel = { name: 'hanging', send: () => new Promise(() => undefined) };
    const other = recordingChannel();
    const { alerts } = sending({ channels: [hanging, other], sendTimeoutMs: 20, retries: 0 });
    await alerts.sendAlert(SAMPLE);
    await expect.poll(() => other.events.length).toBe(1);
    await alerts.flush();
  });

  it('has a queue that is bounded: the oldest message goes (S39)', async () => {
    const open: (() => void)[] = [];
    const slow: AlertChannel = { name: 'slow', send: () => new Promise((resolve) => open.push(resolve)) };
    const { alerts, registry } = sending({ channels: [slow], maxMessagesPerMinute: 1000, store: undefined });
    for (let id = 0; id < 150; id++) await alerts.sendAlert({ ...SAMPLE, name: `alert ${String(id)}` });
    const count = async (outcome: string): Promise<string | undefined> =>
      new RegExp(`channel="slow",outcome="${outcome}"\\} (\\d+)`).exec(await registry.metrics())?.[1];
    await expect.poll(() => count('dropped')).toBe('50');
    expect(await registry.metrics()).toContain('alerts_waiting{channel="slow"} 100');
  });

  it('is given what waits before the end, without pauses, and no longer than two seconds (S39)', async () => {
    let calls = 0;
    const limping: AlertChannel = {
      name: 'limping',
      send: () => (++calls === 1 ? Promise.reject(new Error('not now')) : Promise.resolve()),
    };
    const { alerts } = sending({ channels: [limping], retryDelayMs: 3_600_000 });
    await alerts.sendAlert(SAMPLE);
    await expect.poll(() => calls).toBe(1);
    expect(await alerts.close()).toBe(0);
    expect(calls).toBe(2);
    expect(await alerts.close()).toBe(0);
  });

  it.each([
    ['has the name of another one', [recordingChannel(), recordingChannel()], 'must have a name of its own'],
    ['has the name of the store', [recordingChannel({ name: 'database' })], 'must have a name of its own'],
    ['cannot send', [{ name: 'x' } as AlertChannel], 'must have the method send'],
    ['is for no severity that there is', [recordingChannel({ severities: ['P1' as 'low'] })], 'must be one of'],
  ])('that %s is refused', (_what, channels, problem) => {
    expect(() => createAlerts({ service: 'x', channels })).toThrow(problem);
  });
});
