import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AppError,
  bearerAuth,
  createApiKeys,
  createAuditLog,
  createHealthRouter,
  createMetrics,
  principalOf,
  rateLimiter,
  type HealthCheck,
} from 'express-runbook';
import { createAlerts, type AlertChannel } from 'express-runbook/alerts';
import { createCache } from 'express-runbook/cache';
import { createPool } from 'express-runbook/postgres';
import { testApp, testOps } from 'express-runbook/testing';
import { memoryRefreshTokens } from '../auth/memory-refresh-tokens.js';
import { cli } from '../cli/cli.js';
import { ROOT } from '../repo/source-files.js';
import { hang, inTurn, say, upstream } from '../services/upstream.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { requireTool } from '../support/real-tools.js';
import { recordingLogger } from '../support/recording-logger.js';
import { testRedis } from '../support/redis.js';
import { carrierCheck, orderQueueCheck } from './extending/checks.js';
import { errorsTo } from './extending/collector.js';
import { showWaiting, waitingNow } from './extending/measures.js';
import { commandsOf } from './extending/node-redis.js';
import { brokenPromises } from './extending/refresh-token-promises.js';
import { sessionAuthenticator } from './extending/sessions.js';
import { smsChannel } from './extending/sms.js';
import { apiKeyTable, auditTable } from './extending/stores.js';
import { snippetsOf } from './snippets-of.js';

const PAGE = 'docs/guides/extending.md';
let database: TestDatabase;
let pool: ReturnType<typeof createPool>;
beforeAll(async () => {
  database = await testDatabase();
  pool = createPool({ connectionString: database.url });
  await pool.query(snippetsOf(PAGE, 'sql')[0]?.code ?? '');
  await pool.query('CREATE TABLE order_queue (id int PRIMARY KEY, queue text NOT NULL, taken_at timestamptz)');
  await pool.query("INSERT INTO order_queue VALUES (1, 'web', NULL), (2, 'web', NULL), (3, 'shop', now())");
});
afterAll(async () => {
  await pool.close();
  await database.drop();
});

/** A pool whose database is not there: nobody listens at port 1. */
const away = (): ReturnType<typeof createPool> =>
  createPool({ connectionString: 'postgres://app:app@127.0.0.1:1/app' });

it('the page about extending shows code that is compiled and run here, and no other', () => {
  const inFolder = (name: string): string => `test/guides/extending/${name}`;
  const names = [
    'checks',
    'stores',
    'refresh-token-promises',
    'node-redis',
    'sessions',
    'sms',
    'measures',
    'collector',
  ];
  const snippets = snippetsOf(PAGE, 'ts');
  expect(snippets.map(({ path }) => path)).toEqual(names.map((name) => inFolder(`${name}.ts`)));
  const others = [...snippetsOf(PAGE, 'sql'), ...snippetsOf(PAGE, 'sh')];
  expect(others.map(({ path }) => path)).toEqual([inFolder('tables.sql'), inFolder('archive.sh')]);
  for (const { code, source } of [...snippets, ...others]) expect(code).toBe(source);
});

describe('a check of your own', () => {
  it('says how many orders wait, and is down while nobody can say', async () => {
    const few = testOps({ checks: [orderQueueCheck(pool, 10)] });
    expect((await few.ops.health.report()).checks.at(-1)).toMatchObject({ status: 'up', details: { waiting: 2 } });
    const many = testOps({ checks: [orderQueueCheck(pool, 1)] });
    expect((await many.ops.health.report()).checks.at(-1)).toMatchObject({
      status: 'degraded',
      message: '2 orders wait',
    });
    const unknown = testOps({ checks: [orderQueueCheck(away(), 1)] });
    expect((await unknown.ops.health.report()).checks.at(-1)).toMatchObject({ status: 'down', critical: false });
    for (const kit of [few, many, unknown]) await kit.close();
  });

  it('reads what the other one says of itself, and is down only after the second failure', async () => {
    const carrier = await upstream(
      inTurn(
        say(200, { state: 'open' }),
        say(200, { state: 'delayed' }),
        say(503),
        say(503),
        say(200, { state: 'open' }),
      ),
    );
    const health = createHealthRouter({
      checks: [carrierCheck(carrier.url, 'k3y')],
      ...{ cacheTtlMs: 0, timeoutMs: 30_000, responseDeadlineMs: 30_000 },
    });
    const statuses: string[] = [];
    for (let turn = 0; turn < 5; turn++) statuses.push((await health.report()).checks[0]?.status ?? '');
    await health.close();
    expect(statuses).toEqual(['up', 'degraded', 'degraded', 'down', 'up']);
    expect(carrier.requests[0]?.headers.authorization).toBe('Bearer k3y');
  });

  it('that hangs, throws or answers nonsense is down alone, and shows nothing of its error (HLT-13)', async () => {
    let signal: AbortSignal | undefined;
    const hangs = (given: AbortSignal) => {
      signal = given;
      return new Promise<undefined>(() => undefined);
    };
    const checks: HealthCheck[] = [
      { name: 'fine', run: () => undefined },
      { name: 'hanging', timeoutMs: 20, run: hangs },
      { name: 'throwing', run: () => Promise.reject(new Error('password=hunter2')) },
      // @ts-expect-error what a check without types may return
      { name: 'nonsense', run: () => 'all well' },
    ];
    const { app, logs, close } = testApp(() => undefined, { checks, env: { HEALTH_DETAILS: 'always' } });
    const { body, text } = await request(app).get('/health').expect(503);
    expect(body.details).toMatchObject({
      fine: { status: 'up' },
      hanging: { status: 'down', reason: 'timeout' },
      throwing: { status: 'down', reason: 'failed' },
      nonsense: { status: 'down', reason: 'malformed' },
    });
    expect(signal?.aborted).toBe(true);
    expect(text).not.toContain('hunter2');
    expect(logs.find({ check: 'throwing' })).toBeDefined();
    await close();
  });

  it('runs once for all who ask at the same time', async () => {
    let runs = 0;
    const counted: HealthCheck = {
      name: 'counted',
      run: () => {
        runs++;
        return undefined;
      },
    };
    const health = createHealthRouter({ checks: [counted] });
    await Promise.all(Array.from({ length: 20 }, () => health.report()));
    expect(runs).toBe(1);
  });
});

describe('a store of your own', () => {
  it('of API keys lets in whom it knows, and nobody once the key is revoked (SEC-04)', async () => {
    const keys = createApiKeys({ store: apiKeyTable(pool) });
    const { key } = await keys.create({ clientId: 'acme' }, { name: 'till' });
    const { app, close } = testApp((one) => {
      one.use(bearerAuth({ authenticators: [keys.authenticator] }));
      one.get('/', (req, res) => void res.json(principalOf(req)));
    });
    const answer = await request(app).get('/').set('X-API-Key', key).expect(200);
    expect(answer.body).toEqual({ clientId: 'acme' });
    expect(JSON.stringify((await pool.query('SELECT * FROM api_keys')).rows)).not.toContain(key);
    await pool.query('UPDATE api_keys SET revoked_at = now()');
    await request(app).get('/').set('X-API-Key', key).expect(401);
    await close();
  });

  it('that is away is a 503 and not a 401', async () => {
    const keys = createApiKeys({ store: apiKeyTable(away()) });
    const { app, close } = testApp((one) => {
      one.use(bearerAuth({ authenticators: [keys.authenticator] }));
      one.get('/', (_req, res) => void res.json({}));
    });
    await request(app).get('/').set('X-API-Key', 'ck_live_0123456789').expect(503);
    await close();
  });

  it('of audit events keeps both phases, and without it nothing is done (SEC-12)', async () => {
    const { ops, close } = testOps();
    const audit = createAuditLog({ logger: ops.logger, store: auditTable(pool) });
    await audit.run({ action: 'order.delete', target: { type: 'order', id: '7' } }, () => Promise.resolve());
    const { rows } = await pool.query('SELECT phase, action, record FROM audit_events ORDER BY created_at, phase');
    expect(rows).toMatchObject([
      { phase: 'attempted', action: 'order.delete', record: { target: { id: '7' } } },
      { phase: 'succeeded' },
    ]);
    for (const append of [() => Promise.reject(new Error('disk full')), () => new Promise<void>(() => undefined)]) {
      const closed = createAuditLog({ logger: ops.logger, store: { append }, timeoutMs: 20 });
      let isDone = false;
      const doing = closed.run({ action: 'order.delete' }, () => Promise.resolve(void (isDone = true)));
      await expect(doing).rejects.toMatchObject({ statusCode: 503, code: 'ERR_AUDIT_UNAVAILABLE' });
      expect(isDone).toBe(false);
    }
    await close();
  });

  it('of refresh tokens is measured by its promises', async () => {
    expect(await brokenPromises(memoryRefreshTokens(), '7')).toEqual([]);
    // Looks first and writes later: both of two calls find the token unused.
    const good = memoryRefreshTokens();
    const used = new Set<string>();
    const racy: typeof good = {
      ...good,
      async rotate(usedId, next) {
        const wasUsed = used.has(usedId);
        await new Promise((resolve) => setImmediate(resolve));
        used.add(usedId);
        good.records.push(next);
        return wasUsed ? 'reused' : 'rotated';
      },
    };
    expect(await brokenPromises(racy, '7')).toEqual(expect.arrayContaining(['of ten at once one is rotated']));
  });
});

const redisServer = requireTool('redis-server');
const redis = testRedis();

it.skipIf(!redisServer.isInstalled)('another Redis client counts requests and keeps values', async () => {
  const client = redis.client((await redis.start()).port);
  // What node-redis has under this name.
  const commands = commandsOf({ sendCommand: ([command = '', ...args]) => client.call(command, ...args) });
  const { app, close } = testApp(
    (one) => {
      one.use(rateLimiter({ max: 1, redis: commands, name: 'page' }));
      one.get('/', (_req, res) => void res.json({}));
    },
    { rateLimit: false },
  );
  await request(app).get('/').expect(200);
  await request(app).get('/').expect(429);
  const cache = createCache<number>({ name: 'prices', redis: commands });
  await cache.cached('price:bolt', () => 3);
  expect(await client.get('price:bolt')).toBe('3');
  expect((await client.keys('rate-limit:page:*')).length).toBe(1);
  await close();
});

it('an authenticator of your own decides about the credentials that it recognises (X-65)', async () => {
  const digestOf = (credential: string): string => createHash('sha256').update(credential).digest('hex');
  const known = new Map([
    [digestOf('sess_ann'), { userId: '7', expiresAt: new Date(Date.now() + 3_600_000) }],
    [digestOf('sess_ben'), { userId: '8', expiresAt: new Date(Date.now() - 1) }],
  ]);
  const sessions = sessionAuthenticator((digest) => {
    const isAway = digest === digestOf('sess_away');
    return isAway ? Promise.reject(new AppError(503, 'Sessions are away')) : Promise.resolve(known.get(digest));
  });
  const { app, close } = testApp((one) => {
    one.use(bearerAuth({ authenticators: [sessions] }));
    one.get('/', (req, res) => void res.json(principalOf(req)));
  });
  const ask = (credential: string) => request(app).get('/').set('Authorization', `Bearer ${credential}`);
  expect((await ask('sess_ann').expect(200)).body).toEqual({ userId: '7' });
  expect((await ask('sess_ben').expect(401)).body.error.message).toBe('Token expired');
  for (const nobody of ['sess_eve', 'other'])
    expect((await ask(nobody).expect(401)).body.error.message).toBe('Invalid token');
  await ask('sess_away').expect(503);
  await close();
});

describe('a channel of your own', () => {
  const ALERT = { name: 'PaymentsDown', severity: 'critical', message: 'Nobody can pay' } as const;

  async function sent(channels: AlertChannel[], sendTimeoutMs = 30_000) {
    const logger = recordingLogger();
    const registry = new Registry();
    const alerts = createAlerts({
      ...{ service: 'orders', channels, logger, registry },
      ...{ intervalMs: 0, retries: 1, retryDelayMs: 1, sendTimeoutMs },
    });
    await alerts.sendAlert(ALERT);
    await alerts.flush();
    await alerts.close();
    const failures = logger.lines.filter(({ message }) => message === 'Alert could not be sent');
    return { text: JSON.stringify(logger.lines), reasons: failures.map(({ fields }) => fields.reason), registry };
  }

  it('sends again what may pass, under the same key, and gives up what will not', async () => {
    const gateway = await upstream(inTurn(say(503), say(200)));
    const sms = smsChannel({ url: gateway.url, key: 'k3y', to: '+49 30 123456' });
    expect((await sent([sms])).reasons).toEqual([]);
    const keys = gateway.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    gateway.behave(say(400));
    expect((await sent([sms])).reasons).toEqual(['the gateway answered 400']);
    expect(gateway.requests).toHaveLength(3);
  });

  it('that hangs or throws its key holds up nobody, and its words are in no line', async () => {
    const silent = await upstream(hang);
    const events: unknown[] = [];
    const throwing: AlertChannel = {
      name: 'throwing',
      send: () => Promise.reject(new Error('key k3y-of-the-gateway')),
    };
    const channels: AlertChannel[] = [
      smsChannel({ url: silent.url, key: 'k3y-of-the-gateway', to: '1' }),
      throwing,
      { name: 'recorder', send: (event) => Promise.resolve(void events.push(event)) },
    ];
    const { text, reasons, registry } = await sent(channels, 50);
    expect(events).toMatchObject([ALERT]);
    expect(reasons.sort()).toEqual(['AbortError', 'Error']);
    expect(text).not.toContain('k3y');
    expect(await registry.metrics()).toContain('alerts_messages_total{channel="recorder",outcome="sent"} 1');
  });
});

describe('a measure of your own', () => {
  it('is read at each scrape, and left out while it cannot be', async () => {
    const metrics = createMetrics({ defaultMetrics: false });
    showWaiting(metrics, pool);
    expect(await metrics.render()).toContain('orders_waiting{queue="web"} 2\n');
    await metrics.close();
    const broken = createMetrics({ defaultMetrics: false });
    showWaiting(broken, away());
    const text = await broken.render();
    expect(text).not.toContain('orders_waiting{');
    expect(text).toContain('app_build_info');
  });

  it('is what a rule goes by, for each resource alone; one that cannot be read ends no alert', async () => {
    let read = waitingNow(pool);
    const alerts = createAlerts({
      service: 'orders',
      rules: [
        {
          name: 'OrdersWait',
          measure: 'jobQueueDepth',
          comparison: 'above',
          warning: { threshold: 1, holdSeconds: 0 },
          summary: 'Orders wait.',
        },
      ],
      measures: { jobQueueDepth: () => read() },
      intervalMs: 0,
    });
    await alerts.tick();
    expect(alerts.active()).toMatchObject([{ name: 'OrdersWait', resource: 'web' }]);
    read = waitingNow(away());
    await alerts.tick();
    expect(alerts.active()).toHaveLength(1);
    await alerts.close();
  });
});

it('a second place for lines gets errors, redacted, and nothing after its end', async () => {
  const collector = createSocket('udp4').bind(0, '127.0.0.1');
  await once(collector, 'listening');
  const packets: string[] = [];
  collector.on('message', (packet) => packets.push(String(packet)));
  const { ops, close } = testOps();
  const end = errorsTo(ops.logger, '127.0.0.1', collector.address().port);
  ops.logger.info('All is well');
  ops.logger.error({ password: 'hunter2' }, 'Payment failed');
  await expect.poll(() => packets.length, { timeout: 10_000 }).toBe(1);
  expect(JSON.parse(packets[0] ?? '')).toMatchObject({ msg: 'Payment failed', password: '[REDACTED]' });
  end();
  ops.logger.error('After the end');
  await close();
  collector.close();
  expect(packets).toHaveLength(1);
});

it('an archive of your own takes old logs before they go; while it fails, all stay (BKP-21)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guides-extending-'));
  const [logs, archive] = [join(folder, 'logs'), join(folder, 'archive')];
  const old = join(logs, 'app.log.3.gz');
  mkdirSync(logs);
  writeFileSync(old, 'lines');
  utimesSync(old, new Date('2026-01-02T03:04:05Z'), new Date('2026-01-02T03:04:05Z'));
  process.env.ARCHIVE_DIR = archive;
  const prune = () =>
    cli(
      ['prune-logs', '--dotenv', '/nonexistent/.env', '--archive-with', join(ROOT, 'test/guides/extending/archive.sh')],
      {
        env: { LOG_DIR: logs, PATH: process.env.PATH ?? '' },
      },
    );
  expect((await prune()).exitCode).toBe(1);
  expect(readdirSync(logs)).toEqual(['app.log.3.gz']);
  mkdirSync(archive);
  expect((await prune()).exitCode).toBe(0);
  expect(readdirSync(logs)).toEqual([]);
  expect(readdirSync(archive)).toEqual(['app.log.3.gz.20260102T030405Z']);
  rmSync(folder, { recursive: true });
});
