import { expect, it } from 'vitest';
import { createAlerts, type AlertEvent, type AlertRule } from 'express-runbook/alerts';
import { fakeClock } from 'express-runbook/testing';

const ordersWait: AlertRule = {
  name: 'OrdersWait',
  measure: 'jobQueueDepth',
  comparison: 'above',
  warning: { threshold: 100, holdSeconds: 300 },
  summary: 'Orders are not being worked on.',
};

it('tells once of a queue that stays long, and when it is over', async () => {
  const clock = fakeClock(Date.UTC(2026, 10, 22));
  const told: AlertEvent[] = [];
  let depth = 150;
  const alerts = createAlerts({
    service: 'orders',
    rules: [ordersWait],
    channels: [{ name: 'recorder', send: (event) => Promise.resolve(void told.push(event)) }],
    measures: { jobQueueDepth: () => depth },
    intervalMs: 0, // looks when it is told to
    now: clock.now,
  });
  const lookAfter = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await alerts.tick();
    await alerts.flush();
  };
  await lookAfter(0);
  await lookAfter(299_999);
  expect(told).toEqual([]);
  await lookAfter(1);
  await lookAfter(60_000);
  depth = 3;
  await lookAfter(60_000);
  await lookAfter(60_000);
  expect(told.map(({ status, name }) => `${status} ${name}`)).toEqual(['firing OrdersWait', 'resolved OrdersWait']);
  await alerts.close();
});
