import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippetsOf } from '../guides/snippets-of.js';
import { requireTool } from '../support/real-tools.js';
import { launch, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';
import { answering, fakeReceiver, type FakeReceiver } from './receiver.js';

const curl = requireTool('curl');
const SECRET = 'a secret of enough characters';
const OPS_TOKEN = 'ops-token-of-the-test';
// The table of booky, with hold times that a test can wait for.
const PRESET = {
  incidentLevels: [{ name: 'page', meaning: 'page whoever is on call', severities: ['critical'] }],
  receivers: {
    critical: [{ kind: 'page' }, { kind: 'slack', channel: '#ops' }],
    high: [{ kind: 'slack', channel: '#ops' }],
    medium: [{ kind: 'slack', channel: '#ops' }],
  },
  rules: [
    {
      name: 'HighErrorRatio',
      measure: 'errorRatio',
      comparison: 'above',
      critical: { threshold: 0.05, holdSeconds: 1 },
      summary: 'Too many requests are answered with 5xx.',
    },
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'incident-'));
let database: Awaited<ReturnType<typeof seededDatabase>>;
let receivers: Record<'slack' | 'pager' | 'hook', FakeReceiver>;
let servers: ReferenceServer[];
let pool: pg.Pool;

beforeAll(async () => {
  writeFileSync(join(folder, 'preset.json'), JSON.stringify(PRESET));
  const [slack, pager, hook] = await Promise.all([fakeReceiver(), fakeReceiver(answering(202)), fakeReceiver()]);
  receivers = { slack, pager, hook };
  database = await seededDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 1 });
  const env = {
    DATABASE_URL: database.url,
    ALERTS_PRESET: join(folder, 'preset.json'),
    ALERTS_INTERVAL_MS: '400',
    ALERTS_ALLOW_NETWORKS: '127.0.0.1',
    ALERTS_RUNBOOKS_URL: 'https://runbooks.example/alerts',
    SLACK_WEBHOOK_URL: `${slack.url}/services/K3Y`,
    PAGERDUTY_ROUTING_KEY: 'R0UT1NG',
    PAGERDUTY_URL: `${pager.url}/v2/enqueue`,
    ALERTS_WEBHOOK_URL: `${hook.url}/alerts`,
    ALERTS_WEBHOOK_SECRET: SECRET,
    OPS_TOKEN,
    RATE_LIMIT_MAX: '1000000',
    LOG_REQUESTS: 'false',
    OPS_PROFILE: 'booky',
    JOBS_CONCURRENCY: '0',
  };
  servers = await Promise.all([launch({ env }), launch({ env })]);
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop('SIGKILL')));
  await Promise.all(Object.values(receivers).map((one) => one.close()));
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** So many requests to one server, some at a time. */
async function ask(server: ReferenceServer, count: number, path: string): Promise<void> {
  const authorization = `Bearer ${OPS_TOKEN}`;
  for (let sent = 0; sent < count; sent += 50) {
    const asked = Array.from({ length: Math.min(50, count - sent) }, async () => {
      await (await fetch(server.url + path, { headers: { authorization } })).arrayBuffer();
    });
    await Promise.all(asked);
  }
}

const ops = (method: 'get' | 'post' | 'delete', path: string) =>
  request(servers[0]!.url)[method](path).set('Authorization', `Bearer ${OPS_TOKEN}`);
const texts = (): string[] => receivers.slack.bodies().map(({ text }) => String(text).split('\n')[0] ?? '');
const soon = { timeout: 40_000, interval: 100 };

describe('an incident of two instances', { timeout: 120_000 }, () => {
  it('is told once, by every channel that is for it, and stored, while both see it (ALR-23, ALR-25, X-34)', async () => {
    // The looks before it are what it is compared with.
    await expect.poll(() => metric('alerts_evaluations_total{outcome="ok"}'), soon).toBeGreaterThan(1);
    await Promise.all(servers.map((server) => ask(server, 60, '/dev/error?kind=plain')));
    await expect.poll(() => receivers.hook.received.length, soon).toBe(1);
    await expect.poll(() => receivers.pager.received.length, soon).toBe(1);
    await expect
      .poll(texts, soon)
      .toEqual([expect.stringMatching(/^\[page\] HighErrorRatio: Too many requests.* Now \d/)]);
    expect(receivers.slack.bodies()[0]).toMatchObject({ channel: '#ops' });
    expect(receivers.slack.bodies()[0].text).toContain('https://runbooks.example/alerts/HighErrorRatio.md');
    const about = { routing_key: 'R0UT1NG', dedup_key: 'booky-backend/HighErrorRatio', event_action: 'trigger' };
    expect(receivers.pager.bodies()).toMatchObject([{ ...about, payload: { severity: 'critical' } }]);
    const [{ headers, body }] = receivers.hook.received as [FakeReceiver['received'][0]];
    const signed = createHmac('sha256', SECRET)
      .update(`${String(headers['x-alert-timestamp'])}.${body}`)
      .digest('hex');
    expect(headers['x-alert-signature']).toBe(`v1=${signed}`);
    await expect.poll(rows, soon).toEqual([{ name: 'HighErrorRatio', status: 'firing', severity: 'critical' }]);
    const lines = servers.flatMap((server) => server.logLines().filter(({ msg }) => msg === 'ALERT: HighErrorRatio'));
    expect(lines).toHaveLength(1);
  });

  it('can be seen and silenced by whoever is on duty, and by nobody else', async () => {
    await request(servers[0]!.url).get('/alerts').expect(401);
    await expect
      .poll(async () => (await ops('get', '/alerts').expect(200)).body.active, soon)
      .toMatchObject([{ name: 'HighErrorRatio', severity: 'critical', isSilenced: false }]);
    await ops('post', '/alerts/silences').send({ reason: 'for ever' }).expect(400);
    const silence = { name: 'HighErrorRatio', reason: 'known', by: 'ann', forSeconds: 60 };
    const { body } = await ops('post', '/alerts/silences').send(silence).expect(201);
    await expect.poll(async () => (await ops('get', '/alerts')).body.active[0].isSilenced, soon).toBe(true);
    await ops('delete', `/alerts/silences/${String(body.id)}`).expect(204);
    await ops('delete', `/alerts/silences/${String(body.id)}`).expect(404);
  });

  it.skipIf(!curl.isInstalled)('is silenced by the commands of the guide', () => {
    const [block] = snippetsOf('docs/guides/in-process-alerts.md', 'bash');
    const commands = block?.code.replaceAll('http://127.0.0.1:3000', servers[0]!.url).split(/\n(?=curl)/) ?? [];
    const said = (command = ''): string =>
      execFileSync('sh', ['-ec', `${command.trim()} --silent --fail`], {
        env: { ...process.env, OPS_TOKEN },
      }).toString();
    expect(JSON.parse(said(commands[0]))).toMatchObject({ active: [{ name: 'HighErrorRatio' }] });
    const { id } = JSON.parse(said(commands[1])) as { id: string };
    expect(said(commands[2]?.replace('<id>', id))).toBe('');
  });

  it('that one instance dies in goes on, and is told to be over once the other has recovered (S40)', async () => {
    servers[1]!.child.kill('SIGKILL');
    // What the dead one said counts for 45 seconds: so much older now, in place of waiting.
    await expect.poll(() => forgetOthers(), soon).toBe(1);
    expect(texts()).toHaveLength(1);
    await ask(servers[0]!, 2000, '/');
    await expect
      .poll(texts, soon)
      .toEqual([expect.stringContaining('[page]'), expect.stringMatching(/^\[RESOLVED\] HighErrorRatio/)]);
    await expect
      .poll(() => receivers.pager.bodies().map((one) => one.event_action as string), soon)
      .toEqual(['trigger', 'resolve']);
    await expect.poll(rows, soon).toHaveLength(2);
  });

  it('leaves no key in a line', () => {
    const said = servers
      .map((server) => JSON.stringify(server.logLines()) + server.output() + server.errors())
      .join('');
    for (const key of ['K3Y', 'R0UT1NG', SECRET]) expect(said).not.toContain(key);
  });
});

async function metric(series: string): Promise<number> {
  const text = await (await fetch(`${servers[0]!.url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.split(' ').at(-1));
}

async function rows(): Promise<unknown[]> {
  return (await pool.query('SELECT name, status, severity FROM alerts ORDER BY created_at')).rows;
}

/** Takes back what instances said that do not say it again; gives how many still do. */
async function forgetOthers(): Promise<number> {
  await pool.query(`UPDATE alert_states SET version = version + 1, state = jsonb_set(state, '{reports}', (
    SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(state->'reports')
    WHERE (value->>'at')::numeric > extract(epoch FROM now()) * 1000 - 1500))`);
  const { rows: found } = await pool.query<{ count: string }>(
    `SELECT count(*) FROM alert_states, jsonb_each(state->'reports')`,
  );
  return Number(found[0]?.count);
}
