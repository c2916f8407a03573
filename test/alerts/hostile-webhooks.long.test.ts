import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';
import { answering, fakeReceiver, type Behaviour, type FakeReceiver } from './receiver.js';

/** Rules that are broken from the first look on, as many as there are messages wanted. */
const MEASURES = [
  'heapUtilization',
  'memoryUtilization',
  'cpuUtilization',
  'diskUtilization',
  'eventLoopLag',
  'activeConnections',
];
const PRESET = {
  receivers: { critical: [{ kind: 'page' }, { kind: 'slack', channel: '#ops' }] },
  rules: MEASURES.map((measure) => ({
    name: `Always${measure.slice(0, 1).toUpperCase()}${measure.slice(1)}`,
    measure,
    comparison: 'above',
    critical: { threshold: -1, holdSeconds: 0 },
    summary: 'On purpose.',
  })),
};
/** What one attempt may take. */
const ATTEMPT_MS = 5000;
const soon = { timeout: 40_000, interval: 200 };

const folder = mkdtempSync(join(tmpdir(), 'hostile-webhooks-'));
const inside: { receiver?: FakeReceiver; bytes: number } = { bytes: 0 };
let database: Awaited<ReturnType<typeof seededDatabase>>;
let receivers: FakeReceiver[];
let hook: FakeReceiver;
let server: ReferenceServer;

/** Goes on until it is cut, and counts what was taken from it. */
function endless(res: ServerResponse): void {
  const chunk = 'x'.repeat(65_536);
  res.writeHead(500);
  const write = (): void => {
    while (res.write(chunk, (error) => (inside.bytes += error ? 0 : chunk.length)));
  };
  res.on('drain', write);
  write();
}

/** A byte a second. */
function drop(res: ServerResponse): void {
  const timer = setInterval(() => res.write('x'), 1000);
  res.writeHead(503).on('close', () => clearInterval(timer));
}

beforeAll(async () => {
  writeFileSync(join(folder, 'preset.json'), JSON.stringify(PRESET));
  inside.receiver = await fakeReceiver();
  const worst: Behaviour[] = [
    answering(302, { Location: `${inside.receiver.url}/latest/meta-data/` }),
    endless,
    answering(429, { 'Retry-After': '1' }),
    (res) => res.socket?.resetAndDestroy(),
    answering(200),
    drop,
  ];
  hook = await fakeReceiver((res, number) => (worst[number - 1] ?? answering(200))(res, number));
  const silent = await fakeReceiver(() => undefined);
  const busy = await fakeReceiver(answering(429, { 'Retry-After': '86400' }));
  receivers = [hook, silent, busy, inside.receiver];
  database = await seededDatabase();
  server = await launch({
    env: {
      DATABASE_URL: database.url,
      ALERTS_PRESET: join(folder, 'preset.json'),
      ALERTS_INTERVAL_MS: '500',
      ALERTS_ALLOW_NETWORKS: '127.0.0.1',
      SLACK_WEBHOOK_URL: `${silent.url}/services/K3Y`,
      PAGERDUTY_ROUTING_KEY: 'R0UT1NG',
      PAGERDUTY_URL: `${busy.url}/v2/enqueue`,
      ALERTS_WEBHOOK_URL: `${hook.url}/K3Y`,
      ALERTS_WEBHOOK_SECRET: 'a secret of enough characters',
      RATE_LIMIT_MAX: '1000000',
      JOBS_CONCURRENCY: '0',
    },
  });
});

afterAll(async () => {
  server.child.kill('SIGKILL');
  await Promise.all(receivers.map((one) => one.close()));
  await database.drop();
  rmSync(folder, { recursive: true });
});

describe(
  'receivers that never answer, answer for ever, redirect inside, ask for a day, and hang up (F36)',
  { timeout: 90_000 },
  () => {
    it('keep no request waiting, and no other receiver: what can be delivered is', async () => {
      const took: number[] = [];
      const statuses = new Set<number>();
      await expect
        .poll(async () => {
          const startedAt = performance.now();
          const { status } = await fetch(`${server.url}/health`);
          statuses.add(status);
          took.push(performance.now() - startedAt);
          // One is refused for good by its redirect; the others come through in the end.
          return sentBy('webhook');
        }, soon)
        .toBe(MEASURES.length - 1);
      expect([...statuses]).toEqual([200]);
      // A request that had to wait for a receiver would have waited for one attempt.
      expect(Math.max(...took)).toBeLessThan(ATTEMPT_MS);
      expect(await sentBy('slack')).toBe(0);
      expect(await sentBy('pagerduty')).toBe(0);
    });

    it('get nobody inside asked, and no more read than says why', () => {
      expect(inside.receiver?.received).toEqual([]);
      // Buffers of both ends of the connection; an endless body has no end to compare with.
      expect(inside.bytes).toBeLessThan(32 * 1024 * 1024);
    });

    it('do not keep the service from ending: what waits is counted, and no key is in a line', async () => {
      const logged = (): string => server.output() + server.errors() + JSON.stringify(server.logLines());
      server.child.kill('SIGTERM');
      await expect
        .poll(() => server.logLines().some(({ msg }) => msg === 'Alerts were not sent before the end'), soon)
        .toBe(true);
      const left = server.logLines().find(({ msg }) => msg === 'Alerts were not sent before the end');
      expect(left?.messages).toBeGreaterThan(0);
      await expect.poll(() => server.child.exitCode, soon).toBe(0);
      for (const key of ['K3Y', 'R0UT1NG']) expect(logged()).not.toContain(key);
    });
  },
);

async function sentBy(channel: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`alerts_messages_total{channel="${channel}",outcome="sent"} (\\d+)`).exec(text)?.[1]);
}
