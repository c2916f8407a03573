import { expect, it } from 'vitest';
import { createMetrics, type Metrics } from 'express-runbook';
import { valueOf } from '../metrics/exposition-value.js';
import { fromExample } from '../support/example-sources.js';

type Observe = (metrics: Metrics, now: () => number) => { saw: (userId: string) => void };

async function observed(now: () => number) {
  const metrics = createMetrics({ defaultMetrics: false });
  const { saw } = ((await fromExample('users/active-users.ts')).observeActiveUsers as Observe)(metrics, now);
  return { saw, active: async () => valueOf(await metrics.render(), 'active_users') };
}

it('active users are those of the last five minutes, each once (MET-24)', async () => {
  let time = 0;
  const { saw, active } = await observed(() => time);
  expect(await active()).toBe(0);
  for (const userId of ['1', '2', '1']) saw(userId);
  expect(await active()).toBe(2);
  time = 200_000;
  saw('1');
  saw('3');
  time = 300_001;
  expect(await active()).toBe(2);
  time = 600_000;
  expect(await active()).toBe(0);
});

it('at most 10 000 users are told apart, so that their number takes a bounded memory (MET-24)', async () => {
  const { saw, active } = await observed(() => 0);
  for (let user = 0; user < 25_000; user++) saw(String(user));
  expect(await active()).toBe(10_000);
});
