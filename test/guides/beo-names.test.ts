import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createHttpServer, createOps, NotFoundError, type Ops } from 'express-runbook';
import { ROOT } from '../repo/source-files.js';
import { PROFILES } from '../support/example-sources.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import type * as Lib from './beo-names/lib.js';
import { snippetsOf } from './snippets-of.js';

const PAGE = 'docs/guides/beo-names.md';
const FOLDER = 'test/guides/beo-names';
const ALERTS = 'examples/reference-server/migrations/20260105_120000_create_alerts.sql';
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The names of the table, with the entry that each is imported from. */
function namesOf(page: string): [name: string, entry: string][] {
  const rows = [...page.matchAll(/^\|[^|]*\| ([^|]*) \| `(express-runbook[^`]*)` \|/gm)];
  return rows.flatMap(([, cell = '', entry = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']): [string, string] => [name, entry]),
  );
}

describe('the page about the names of BEO', () => {
  it('shows code that is compiled and run here, and no other', () => {
    const snippets = snippetsOf(PAGE, 'ts');
    const names = ['lib', 'next-server', 'node-http', 'route-handler', 'routes'];
    expect(snippets.map(({ path }) => path)).toEqual(names.map((name) => `${FOLDER}/${name}.ts`));
    for (const { code, source } of snippets) expect(code).toBe(source);
  });

  it('names what can be imported from where it says', async () => {
    const names = namesOf(read(PAGE));
    expect(names.length).toBeGreaterThan(30);
    for (const [name, entry] of names) {
      const module = (await import(entry)) as Record<string, unknown>;
      expect(typeof module[name], `${name} of ${entry}`).toBe('function');
    }
  });

  it('tells what the profile of the reference server sets', () => {
    const page = read(PAGE);
    for (const [name, value] of Object.entries(PROFILES.beo.settings))
      expect(page).toContain(`\`${name}=${String(value)}\``);
  });
});

describe('the modules of that page', () => {
  let database: TestDatabase;
  let lib: typeof Lib;
  let token: string;

  beforeAll(async () => {
    database = await testDatabase();
    Object.assign(process.env, {
      DATABASE_URL: database.url,
      JWT_SECRET: 'a secret of more than thirty-two bytes',
      LOG_LEVEL: 'fatal',
      LOG_REQUESTS: 'false',
    });
    // Loggers that are made from here on write there.
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    lib = await import('./beo-names/lib.js');
    await lib.pool.query(read(ALERTS));
    await lib.pool.query('CREATE TABLE events (id int PRIMARY KEY, user_id text NOT NULL, type text NOT NULL)');
    await lib.pool.query("INSERT INTO events VALUES (1, '7', 'signup'), (2, '8', 'login')");
    token = (await lib.tokens.issue({ userId: '7' })).accessToken;
  });
  afterAll(async () => {
    await lib.alerts.close();
    await lib.pool.close();
    await database.drop();
    vi.restoreAllMocks();
  });

  it('do what the names of the guide did: cached(), sendAlert() (CCH-02, ALR-22, ALR-23)', async () => {
    const before = lib.events.hitRatio();
    expect(await lib.eventsOf('8')).toEqual([{ id: 2, type: 'login' }]);
    expect(await lib.eventsOf('8')).toEqual([{ id: 2, type: 'login' }]);
    expect(lib.events.hitRatio()).toBeGreaterThan(before);
    const metadata = { errorRate: 0.0523, threshold: 0.05 };
    await lib.sendAlert({ name: 'High Error Rate', severity: 'high', message: 'Error rate at 5.23%', metadata });
    await lib.alerts.flush();
    const { rows } = await lib.pool.query('SELECT name, severity, metadata FROM alerts');
    expect(rows).toEqual([{ name: 'High Error Rate', severity: 'high', metadata }]);
  });

  it('serve Fetch requests: ids, tokens, errors, health, metrics (X-62, HLT-25, ERR-15)', async () => {
    const lines: Record<string, unknown>[] = [];
    const end = lib.logger.tail((line) => lines.push(JSON.parse(line) as Record<string, unknown>));
    const { getEvents, getHealth, getMetrics } = await import('./beo-names/routes.js');
    const asked = (headers: Record<string, string>): Promise<Response> =>
      getEvents(new Request('http://localhost/api/events?page=1', { headers }));

    const good = await asked({ authorization: `Bearer ${token}`, 'x-correlation-id': 'my-trace-1' });
    expect([good.status, await good.json()]).toEqual([200, { success: true, data: [{ id: 1, type: 'signup' }] }]);
    expect(good.headers.get('x-correlation-id')).toBe('my-trace-1');
    for (const [headers, message] of [
      [{}, 'Missing or invalid authorization header'],
      [{ authorization: 'Bearer garbage' }, 'Invalid token'],
    ] as const) {
      const refused = await asked({ ...headers, 'x-correlation-id': 'x'.repeat(200) });
      const requestId = refused.headers.get('x-request-id');
      expect([refused.status, await refused.json()]).toEqual([
        401,
        { success: false, error: { code: 401, message }, requestId },
      ]);
      expect(refused.headers.get('x-correlation-id')).not.toContain('xx');
    }
    end();
    const completed = lines.filter(({ message }) => message === 'Request completed');
    expect(completed[0]).toMatchObject({
      correlationId: 'my-trace-1',
      statusCode: 200,
      userId: '7',
      route: '/api/events',
    });

    const health = await getHealth();
    const body = (await health.json()) as { status: string; checks: Record<string, { status: string }> };
    expect(Object.keys(body.checks)).toEqual(['database', 'memory', 'diskSpace']);
    expect(body.checks.database).toMatchObject({ status: 'ok', latency: expect.any(Number) as number });
    expect(health.status).toBe(body.status === 'ok' ? 200 : 503);
    const text = await (await getMetrics()).text();
    expect(text).toContain('http_requests_total{method="GET",endpoint="/api/events",status="401"} 2');
  });

  it('serve node:http without Express: everything but a route is there (X-62, SEC-23)', async () => {
    const { around } = await import('./beo-names/node-http.js');
    const server = createHttpServer(
      around('/api/things', async (req, res) => {
        if (req.url !== '/api/things') throw new NotFoundError('Thing');
        await Promise.resolve();
        res.end('{"success":true}');
      }),
    );
    const answer = await request(server).get('/api/things').set('X-Request-ID', 'r-1').expect(200);
    expect(answer.headers).toMatchObject({ 'x-request-id': 'r-1', ratelimit: expect.stringMatching(/r=99/) as string });
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    const lost = await request(server).get('/api/nothing').expect(404);
    expect(lost.body).toMatchObject({ error: { code: 404, message: 'Thing not found' } });
    await request(server).get('/health/live').expect(200);
    const { text } = await request(server).get('/metrics').expect(200);
    expect(text).toContain('http_requests_total{method="GET",endpoint="/api/things",status="200"} 1');
  });

  it('stand in front of a handler such as that of Next.js (X-62)', async () => {
    const { appWith } = await import('./beo-names/next-server.js');
    const ops: Ops = createOps({ service: 'beo-automation', securityHeaders: false });
    const app = appWith(ops, async (req, res) => {
      if (req.url === '/broken') throw new Error('pw=x');
      let body = '';
      for await (const chunk of req) body += String(chunk);
      res.end(`${req.method} ${req.url} ${body}`);
    });
    ops.shutdown.ready();
    const server = createServer(app);
    const answer = await request(server).post('/api/events/7').set('Content-Type', 'application/json').send('{"a":1}');
    expect([answer.status, answer.text]).toEqual([200, 'POST /api/events/7 {"a":1}']);
    expect((await request(server).get('/broken').expect(500)).text).not.toContain('pw=x');
    await request(server).get('/health/ready').expect(200);
    const { text } = await request(server).get('/metrics');
    expect(text).toContain('http_requests_total{method="POST",endpoint="/api/events/:id",status="200"} 1');
    await ops.shutdown.shutdown('test');
  });
});
