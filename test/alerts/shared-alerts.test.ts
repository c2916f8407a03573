import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  alertTables,
  createAlerts,
  type AlertChannel,
  type AlertPool,
  type AlertRule,
  type AlertsOptions,
} from 'express-runbook/alerts';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { recordingLogger } from '../support/recording-logger.js';
import { recordingChannel, told } from './recording-channel.js';

const MIGRATION = new URL(
  '../../examples/reference-server/migrations/20260105_120000_create_alerts.sql',
  import.meta.url,
);
const RULE: AlertRule = {
  name: 'HighErrorRatio',
  measure: 'errorRatio',
  comparison: 'above',
  warning: { threshold: 0.05, holdSeconds: 0 },
  summary: 'Too many errors.',
};
const FIRING = 'firing medium HighErrorRatio';
const RESOLVED = 'resolved medium HighErrorRatio';
const MINUTE = 60_000;

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 10 });
  await pool.query(readFileSync(MIGRATION, 'utf8'));
});

beforeEach(() => pool.query('TRUNCATE alerts, alert_states, alert_silences'));

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** One instance of the service, with a number of its own; `events` is what people get from all of them. */
function instance(channel: AlertChannel, options: Partial<AlertsOptions> = {}) {
  const measured = { value: 0 };
  const logger = recordingLogger();
  const alerts = createAlerts({
    service: 'orders',
    rules: [RULE],
    channels: [channel],
    store: alertTables({ pool }),
    measures: { errorRatio: () => measured.value },
    ...{ intervalMs: 0, resolveAfterMs: 0, logger },
    ...options,
  });
  return {
    alerts,
    logger,
    look: async (value: number): Promise<void> => {
      measured.value = value;
      await alerts.tick();
      await alerts.flush();
    },
  };
}

/** Has everything that is known of alerts be so much older, in place of waiting. */
async function age(ms: number): Promise<void> {
  const { rows } = await pool.query<{ key: string; state: Record<string, unknown> }>(
    'SELECT key, state FROM alert_states',
  );
  const older = (value: unknown, key: string): unknown => {
    if (typeof value === 'number' && ['at', 'before', 'until', 'startedAt'].includes(key)) return value - ms;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, older(inner, name)]));
  };
  for (const { key, state } of rows) {
    await pool.query('UPDATE alert_states SET state = $2, version = version + 1 WHERE key = $1', [
      key,
      older(state, ''),
    ]);
  }
}

describe('instances that share a store', () => {
  it('tell people once of what all of them see, and once that it is over for all', async () => {
    const people = recordingChannel();
    const all = [instance(people), instance(people), instance(people)];
    for (let times = 0; times < 10; times++) await Promise.all(all.map(({ look }) => look(0.5)));
    expect(told(people.events)).toEqual([FIRING]);
    await Promise.all(all.slice(1).map(({ look }) => look(0)));
    await all[1]!.look(0);
    expect(people.events).toHaveLength(1);
    await Promise.all(all.map(({ look }) => look(0)));
    expect(told(people.events)).toEqual([FIRING, RESOLVED]);
    const { rows } = await pool.query(
      'SELECT name, severity, status, service, alert_key FROM alerts ORDER BY created_at',
    );
    const kept = { name: 'HighErrorRatio', severity: 'medium', service: 'orders', alert_key: 'orders/HighErrorRatio' };
    expect(rows).toEqual([
      { ...kept, status: 'firing' },
      { ...kept, status: 'resolved' },
    ]);
  });

  it('tell people once of what is sent by all of them, and store it every time (ALR-23)', async () => {
    const people = recordingChannel();
    const all = Array.from({ length: 4 }, () => instance(people));
    const alert = { name: 'Payment failed', severity: 'critical', message: 'No answer', metadata: { a: [1] } } as const;
    await Promise.all(all.map(({ alerts }) => alerts.sendAlert(alert)));
    await Promise.all(all.map(({ alerts }) => alerts.flush()));
    expect(told(people.events)).toEqual(['firing critical Payment failed']);
    const { rows } = await pool.query('SELECT message, metadata FROM alerts');
    expect(rows).toEqual(Array.from({ length: 4 }, () => ({ message: 'No answer', metadata: { a: [1] } })));
  });

  it('do not tell again after a restart, until it is time for a reminder (S40)', async () => {
    const people = recordingChannel();
    await instance(people).look(0.5);
    const restarted = instance(people, { rules: [{ ...RULE, warning: { threshold: 0.05, holdSeconds: 3600 } }] });
    await restarted.alerts.tick();
    await age(9 * MINUTE);
    // It need not hold for its time once more.
    await restarted.look(0.5);
    expect(told(people.events)).toEqual([FIRING]);
    await age(MINUTE);
    await restarted.look(0.5);
    expect(told(people.events)).toEqual([FIRING, `${FIRING} again`]);
  });

  it('tell in place of one that died while it was telling, after a minute', async () => {
    const people = recordingChannel();
    const dying = instance({ name: 'dead', send: () => new Promise(() => undefined) });
    void dying.look(0.5);
    await expect.poll(async () => (await pool.query('SELECT 1 FROM alert_states')).rowCount).toBe(1);
    const other = instance(people);
    await other.look(0.5);
    expect(people.events).toEqual([]);
    await age(MINUTE);
    await other.look(0.5);
    expect(told(people.events)).toEqual([FIRING]);
  });

  it('do not tell again what one that was closed had just told', async () => {
    const people = recordingChannel();
    const ended = { is: false };
    const progress = new EventEmitter();
    const appended = once(progress, 'appended');
    // The confirmation comes to the database last, and shutdown ends the pool after the alerts.
    const slow: AlertPool = {
      query: async (text, values) => {
        if (text.includes('UPDATE alert_states')) {
          await appended;
          await pool.query('SELECT 1');
        }
        if (ended.is) throw new Error('the pool has ended');
        const result = await pool.query(text, values);
        if (text.includes('INSERT INTO alerts ')) progress.emit('appended');
        return result;
      },
    };
    const closing = instance(people, { measures: { errorRatio: () => 0.5 }, store: alertTables({ pool: slow }) });
    await closing.alerts.tick();
    expect(await closing.alerts.close()).toBe(0);
    ended.is = true;
    await age(MINUTE);
    await instance(people).look(0.5);
    expect(told(people.events)).toEqual([FIRING]);
  });

  it('tell that it is over in place of one that died while it lasted', async () => {
    const people = recordingChannel();
    await instance(people).look(0.5);
    const other = instance(people);
    await other.look(0);
    expect(told(people.events)).toEqual([FIRING]);
    await age(46_000);
    await other.look(0);
    expect(told(people.events)).toEqual([FIRING, RESOLVED]);
    await age(2 * MINUTE);
    await other.look(0);
    expect((await pool.query('SELECT 1 FROM alert_states')).rowCount).toBe(0);
  });

  it('are silenced together', async () => {
    const people = recordingChannel();
    const [one, other] = [instance(people), instance(people)];
    const { id } = await one.alerts.silence({ name: 'HighErrorRatio', reason: 'deployment', forMs: MINUTE });
    await other.look(0.5);
    expect([people.events.length, other.alerts.silences().map((silence) => silence.id)]).toEqual([0, [id]]);
    expect(await other.alerts.endSilence(id)).toBe(true);
    await one.look(0.5);
    expect(told(people.events)).toEqual([FIRING]);
  });

  it('each tell by themselves while the store is away, and not again when it is back', async () => {
    const people = recordingChannel();
    const away = { is: false };
    const flaky: AlertPool = {
      query: (text, values) => (away.is ? Promise.reject(new Error('gone')) : pool.query(text, values)),
    };
    const rules = [RULE, { ...RULE, name: 'SlowDatabase', measure: 'dbResponseTime' as const }];
    const slow = { value: 0 };
    const measures = { errorRatio: () => 0.5, dbResponseTime: () => slow.value };
    const one = instance(people, { rules, measures, store: alertTables({ pool: flaky }), retries: 0 });
    await one.look(0.5);
    away.is = true;
    slow.value = 9;
    await one.look(0.5);
    await one.look(0.5);
    expect(told(people.events)).toEqual([FIRING, 'firing medium SlowDatabase']);
    away.is = false;
    await one.look(0.5);
    await one.look(0.5);
    expect(people.events).toHaveLength(2);
    const lines = one.logger.lines.map(({ message }) => message).filter((message) => message.includes('shared'));
    expect(lines).toEqual([
      'Alerts cannot be shared with other instances: each tells by itself',
      'Alerts are shared with other instances again',
    ]);
  });

  it('make and end silences while the store is away, which then hold for all', async () => {
    const people = recordingChannel();
    const away = { is: false };
    const flaky: AlertPool = {
      query: (text, values) => (away.is ? Promise.reject(new Error('gone')) : pool.query(text, values)),
    };
    const [one, other] = [instance(people, { store: alertTables({ pool: flaky }) }), instance(people)];
    const old = await one.alerts.silence({ name: 'Other', reason: 'x', forMs: MINUTE });
    away.is = true;
    const { id } = await one.alerts.silence({ name: 'HighErrorRatio', reason: 'deployment', forMs: MINUTE });
    expect([await one.alerts.endSilence(old.id), await one.alerts.endSilence('\0')]).toEqual([true, false]);
    await one.look(0);
    away.is = false;
    await one.look(0);
    await one.look(0.5);
    await other.look(0.5);
    for (const { alerts } of [one, other]) expect(alerts.silences().map((silence) => silence.id)).toEqual([id]);
    expect(people.events).toEqual([]);
    expect([await one.alerts.endSilence('\0'), await one.alerts.endSilence(id)]).toEqual([false, true]);
    await other.look(0.5);
    expect(told(people.events)).toEqual([FIRING]);
    const back = one.logger.lines.filter(({ message }) => message === 'Alerts are shared with other instances again');
    expect(back).toHaveLength(1);
  });

  it('tell once of an alert whose name or resource Postgres would not take as it is (22021, 22P05)', async () => {
    const people = recordingChannel();
    const rule: AlertRule = { ...RULE, measure: 'externalServiceDown', warning: { threshold: 0, holdSeconds: 0 } };
    const measures = { externalServiceDown: () => [{ resource: 'a\0\ud800', value: 1 }] };
    const [one, other] = [instance(people, { rules: [rule], measures }), instance(people, { rules: [rule], measures })];
    const half = { name: `${'n'.repeat(127)}😀`, severity: 'low', message: 'm', metadata: {} } as const;
    for (const { alerts, look } of [one, other, one]) {
      await alerts.sendAlert(half);
      await alerts.flush();
      await look(0);
    }
    expect(told(people.events)).toEqual([`firing low ${'n'.repeat(127)}\ufffd`, FIRING]);
  });

  it('keep what Postgres refuses in a text (22021, 22P05)', async () => {
    const people = recordingChannel();
    const { alerts, logger } = instance(people);
    await alerts.sendAlert({
      name: 'a\0b',
      severity: 'low',
      message: '\ud800',
      metadata: { 'k\0': '\0\ud800', n: '\\u0000' },
    });
    await alerts.flush();
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    const { rows } = await pool.query('SELECT name, message, metadata FROM alerts');
    expect(rows).toEqual([{ name: 'ab', message: '\ufffd', metadata: { k: '\ufffd', n: '\\u0000' } }]);
  });
});
