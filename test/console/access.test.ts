import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createAuditLog,
  createConsole,
  createMetrics,
  createRedactor,
  errorHandler,
  type ConsoleOptions,
} from 'express-runbook';
import { fakeClock, testApp, type TestApp, type TestAppOptions } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
import { EXPRESS_MAJORS } from '../support/serve.js';

const OURS = { 'X-Ops-Console': '1' };
const opened: TestApp[] = [];

afterEach(async () => {
  for (const kit of opened.splice(0)) await kit.close();
});

function wired(options: TestAppOptions): TestApp {
  const kit = testApp((app) => {
    app.get('/ops/of-the-service', (_req, res) => void res.json({ mine: true }));
  }, options);
  opened.push(kit);
  return kit;
}

describe.each(EXPRESS_MAJORS)('who sees the ops console on %s', (_label, create) => {
  it('everybody in development, below the path it is told, and only what is its own', async () => {
    const { app } = wired({ app: create(), console: true });
    const { headers } = await request(app)
      .get('/ops')
      .expect(200)
      .expect('Content-Type', /^text\/html/);
    expect(headers['cache-control']).toBe('no-store');
    await request(app).get('/ops/').expect(200);
    await request(app).get('/OPS').expect(200);
    await request(app).head('/ops').expect(200);
    await request(app)
      .get('/ops/snapshot')
      .expect(200)
      .expect('Content-Type', /^application\/json/);
    await request(app).get('/ops/of-the-service').expect(200, { mine: true });
    await request(app).get('/operations').expect(404);
    expect((await request(app).post('/ops').set(OURS).expect(405)).headers.allow).toBe('GET');
    const moved = wired({ app: create(), console: { path: '/internal/look' } });
    await request(moved.app).get('/internal/look').expect(200);
    await request(moved.app).get('/ops').expect(404);
  });

  it('with OPS_TOKEN whoever sends it; a browser trades it for a cookie that no script can read (SEC-20, S51)', async () => {
    const { app, metrics } = wired({ app: create(), console: true, env: { OPS_TOKEN: 'a-token-of-the-house' } });
    const page = await request(app).get('/ops').expect(401);
    expect(page.headers['www-authenticate']).toBe('Bearer');
    expect(page.text).toContain('data-access="token"');
    for (const path of ['/ops/snapshot', '/ops/events', '/ops/log']) {
      const { body, headers } = await request(app).get(path).expect(401);
      expect(body.error).toEqual({ code: 401, message: 'Unauthorized' });
      expect(headers['cache-control']).toBe('no-store');
    }
    await request(app).get('/ops/snapshot').set('Authorization', 'Bearer another').expect(401);
    await request(app).get('/ops/snapshot').set('Authorization', 'Bearer a-token-of-the-house').expect(200);

    await request(app)
      .post('/ops/session')
      .set({ ...OURS, Authorization: 'Bearer another' })
      .expect(401);
    const bearer = { ...OURS, Authorization: 'Bearer a-token-of-the-house' };
    const { headers } = await request(app).post('/ops/session').set(bearer).expect(204);
    const cookie = String(headers['set-cookie']);
    expect(cookie).toMatch(/^ops-console=\d+\.[\w-]{43}; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    const session = cookie.split(';')[0] ?? '';
    await request(app).get('/ops').set('Cookie', session).expect(200);
    const { body } = await request(app).get('/ops/snapshot').set('Cookie', `a=b; ${session}; c=d`).expect(200);
    expect(body.isSession).toBe(true);
    const later = session.replace(/=\d+/, (time) => `=${String(Number(time.slice(1)) + 1)}`);
    await request(app).get('/ops/snapshot').set('Cookie', later).expect(401);
    await request(app).get('/ops/snapshot').set('Cookie', 'ops-console=9999999999999.').expect(401);
    const out = await request(app)
      .delete('/ops/session')
      .set({ ...OURS, Cookie: session })
      .expect(204);
    expect(String(out.headers['set-cookie'])).toMatch(/^ops-console=; Max-Age=0;/);
    expect(await metrics.value('errors_total')).toBe(0);
  });
});

describe('who sees the ops console', () => {
  it.each(['staging', 'production'])('nobody in %s, until somebody says who (SEC-20, S53)', async (NODE_ENV) => {
    const { app, logs } = wired({ console: true, env: { NODE_ENV } });
    await request(app).get('/ops').expect(404);
    await request(app).get('/ops/snapshot').expect(404);
    expect(logs.find({ msg: /ops console is off/ })).toBeDefined();
    const guarded = wired({
      env: { NODE_ENV },
      console: { guard: (req, res, next) => (req.headers.cookie === 'me=1' ? next() : void res.writeHead(401).end()) },
    });
    await request(guarded.app).get('/ops').expect(401);
    await request(guarded.app).get('/ops/snapshot').expect(401, '');
    await request(guarded.app).get('/ops').set('Cookie', 'me=1').expect(200);
  });

  it('with OPS_TOKEN also when an option that is undefined says nothing else', async () => {
    const { app } = wired({ console: { token: undefined, maxPages: undefined }, env: { OPS_TOKEN: 'one-two-three' } });
    await request(app).get('/ops/snapshot').expect(401);
    await request(app).get('/ops/snapshot').set('Authorization', 'Bearer one-two-three').expect(200);
  });

  it('with OPS_NETWORKS whoever comes from there', async () => {
    const inside = wired({ console: true, env: { OPS_NETWORKS: '127.0.0.0/8,::1' } });
    await request(inside.app).get('/ops').expect(200);
    const outside = wired({
      console: true,
      env: { OPS_NETWORKS: '10.0.0.0/8', OPS_TOKEN: 'one-two-three' },
    });
    const { body } = await request(outside.app).get('/ops').set('Authorization', 'Bearer one-two-three').expect(403);
    expect(body.error).toEqual({ code: 403, message: 'Forbidden' });
  });

  it('stands before limiter and maintenance, is in the log, and not in the metrics that it shows', async () => {
    const { app, logs, metrics, settled } = wired({ console: true, env: { RATE_LIMIT_MAX: '1' } });
    for (let turn = 0; turn < 3; turn++) await request(app).get('/ops').expect(200);
    await request(app).get('/nowhere').expect(404);
    await request(app).get('/nowhere').expect(429);
    await settled();
    expect(logs.filter({ msg: 'Request completed', url: '/ops', statusCode: 200 })).toHaveLength(3);
    expect(await metrics.value('http_requests_total')).toBe(2);
    expect(await metrics.value('http_requests_in_flight')).toBe(0);
  });
});

describe('the session of the ops console', () => {
  it('ends after twelve hours, and with the token that it was signed with', async () => {
    const clock = fakeClock();
    const appOf = (token: readonly string[]) =>
      testAppWith({ registry: createMetrics({ defaultMetrics: false }).registry, token, now: () => clock.now() });
    const old = appOf(['the-old-token']);
    const { headers } = await request(old)
      .post('/ops/session')
      .set({ ...OURS, Authorization: 'Bearer the-old-token' });
    const [cookie = ''] = String(headers['set-cookie']).split(';');
    await request(appOf(['the-new-token', 'the-old-token']))
      .get('/ops/snapshot')
      .set('Cookie', cookie)
      .expect(200);
    await request(appOf(['the-new-token']))
      .get('/ops/snapshot')
      .set('Cookie', cookie)
      .expect(401);
    clock.advance(12 * 3_600_000 - 1);
    await request(old).get('/ops/snapshot').set('Cookie', cookie).expect(200);
    clock.advance(1);
    await request(old).get('/ops/snapshot').set('Cookie', cookie).expect(401);
  });
});

const standing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of standing.splice(0)) await close();
});

/** The piece alone, without createOps. */
function testAppWith(options: ConsoleOptions) {
  const [, create] = EXPRESS_MAJORS[0]!;
  const page = createConsole(options);
  standing.push(() => page.close());
  return create().use(page, errorHandler({ logger: recordingLogger() }));
}

describe('createConsole', () => {
  const registry = createMetrics({ defaultMetrics: false }).registry;

  it('is off without a word about who may look, and says so', async () => {
    expect(createConsole({ registry }).isOn).toBe(false);
    await request(testAppWith({ registry })).get('/ops').expect(404);
    const page = createConsole({ registry, isProduction: false });
    expect(page.isOn).toBe(true);
    await page.close();
    await page.close();
  });

  it.each<[string, object, RegExp]>([
    ['no registry', {}, /createConsole\.registry is required/],
    ['an unknown option', { registry, tokn: 'x' }, /did you mean token\?/],
    ['an empty list of tokens', { registry, token: [] }, /must have at least one token/],
    ['an empty list of networks', { registry, networks: [] }, /must have at least one network/],
    ['a path that is none', { registry, path: 'ops' }, /must be a path such as \/ops/],
    [
      'more samples than it keeps',
      { registry, intervalMs: 10, historyMs: 60_000 },
      /historyMs must be at most 5000 times/,
    ],
    [
      'a level that nobody records',
      { registry, level: { current: () => 'info', change: () => undefined } },
      /createConsole\.audit is required/,
    ],
  ])('refuses %s by name', (_what, options, message) => {
    expect(() => createConsole(options as ConsoleOptions)).toThrow(message);
  });

  it('works alone, and leaves out the query of what it cannot redact', async () => {
    const app = EXPRESS_MAJORS[0]![1]();
    const page = createConsole({ registry, isProduction: false });
    standing.push(() => page.close());
    app.use(page);
    app.get('/boom', (_req, res) => void res.status(500).end());
    await request(app).get('/boom?password=hunter22').expect(500);
    const { body } = await request(app).get('/ops/snapshot').expect(200);
    expect(body.sections.errors[0].request.url).toBe('/boom');
    expect(body.sections).toMatchObject({ health: null, alerts: null, level: null, jobs: null, caches: [], pools: [] });
    expect(createRedactor().text('/boom?password=hunter22')).not.toContain('hunter22');
  });
});

describe('what can be changed: the level of the log, for a time', () => {
  it('goes back by itself, is recorded, and shown meanwhile', async () => {
    const { app, ops, logs } = wired({ console: true, env: { LOG_LEVEL: 'info' } });
    const { body } = await request(app).post('/ops/level?level=debug&forMs=1000').set(OURS).expect(200);
    expect(body).toMatchObject({ current: 'debug', before: 'info' });
    expect(ops.logger.level).toBe('debug');
    const said = logs.filter({ channel: 'audit' });
    expect(said.map(({ msg }) => msg)).toEqual([
      'log_level.change attempted',
      'Log level changed',
      'log_level.change succeeded',
    ]);
    expect(said[0]).toMatchObject({ details: { from: 'info', to: 'debug', forMs: 1000, address: expect.any(String) } });
    expect(said[0]!.requestId).toBeDefined();
    await logs.waitFor({ channel: 'audit', msg: 'Log level is back' });
    expect(ops.logger.level).toBe('info');
    const { body: later } = await request(app).get('/ops/snapshot');
    expect(later.sections.level).toEqual({ current: 'info', levels: expect.any(Array) });
  });

  it('goes back at once when it is told to, to what it was before the first of several changes', async () => {
    const { app, ops } = wired({ console: true, env: { LOG_LEVEL: 'warn' } });
    await request(app).post('/ops/level?level=debug&forMs=60000').set(OURS).expect(200);
    await request(app).post('/ops/level?level=trace&forMs=60000').set(OURS).expect(200);
    expect(ops.logger.level).toBe('trace');
    const { body } = await request(app).delete('/ops/level').set(OURS).expect(200);
    expect(body).toEqual({ current: 'warn', levels: expect.any(Array) });
    expect(ops.logger.level).toBe('warn');
  });

  it.each([
    ['silent', '60000'],
    ['loud', '60000'],
    ['debug', '0'],
    ['debug', '3600001'],
    ['debug', 'ever'],
    ['debug', ''],
  ])('refuses the level %s for %s ms', async (level, forMs) => {
    const { app, ops } = wired({ console: true });
    await request(app).post(`/ops/level?level=${level}&forMs=${forMs}`).set(OURS).expect(400);
    expect(ops.logger.level).toBe('debug');
  });

  it.each<[string, Record<string, string>]>([
    ['without the header of the page', {}],
    ['from another site', { ...OURS, 'Sec-Fetch-Site': 'cross-site' }],
    ['from another host of the same site', { ...OURS, 'Sec-Fetch-Site': 'same-site' }],
    ['from another origin, by an older browser', { ...OURS, Origin: 'https://evil.example' }],
    ['from an origin that is none', { ...OURS, Origin: 'null' }],
  ])('refuses a request %s (CSRF)', async (_what, headers) => {
    const { app, ops, logs } = wired({ console: true });
    await request(app).post('/ops/level?level=trace&forMs=60000').set(headers).expect(403);
    await request(app).post('/ops/session').set(headers).expect(403);
    expect(ops.logger.level).toBe('debug');
    expect(logs.filter({ channel: 'audit' })).toEqual([]);
    expect((await request(app).options('/ops/level')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('changes nothing that cannot be recorded', async () => {
    const logger = { ...recordingLogger(), audit: () => undefined };
    const audit = createAuditLog({ logger, store: { append: () => Promise.reject(new Error('no disk')) } });
    const { app, ops } = wired({ console: { audit } });
    await request(app).post('/ops/level?level=trace&forMs=60000').set(OURS).expect(503);
    expect(ops.logger.level).toBe('debug');
  });
});
