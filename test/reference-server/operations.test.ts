import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { launch, parseLines, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';

let server: ReferenceServer;
const profileDir = mkdtempSync(join(tmpdir(), 'operations-'));

beforeAll(async () => {
  const database = await seededDatabase();
  server = await launch({
    env: { DATABASE_URL: database.url, LOG_SLOW_HTTP_THRESHOLD: '150', PROFILE_DIR: profileDir },
  });
  return database.drop;
});

afterAll(async () => {
  await server.stop();
  rmSync(profileDir, { recursive: true });
});

const get = (path: string) => request(server.url).get(path);

/** Lines of one request, in file order. */
function linesOf(requestId: string): Record<string, unknown>[] {
  return server.logLines().filter((line) => line.requestId === requestId);
}

describe('the root page', () => {
  it('gives name, version and links', async () => {
    const { body } = await get('/').expect(200);
    expect(body).toMatchObject({
      name: 'builder-api',
      version: '0.1.0',
      links: { health: '/health', docs: '/api-docs' },
    });
    for (const link of [body.links.health, body.links.metrics, body.links.docs]) await get(link as string).expect(200);
  });
});

describe('health', () => {
  it.each(['/health', '/api/health', '/health/liveness', '/health/readiness', '/health/live', '/health/ready'])(
    'answers 200 on %s, never cached (API-11, X-06)',
    async (path) => {
      const { headers } = await get(path).expect(200);
      expect(headers['cache-control']).toContain('no-store');
    },
  );

  it("has what the builder runbook's jq asks for (HLT-20)", async () => {
    const { body } = await get('/health');
    expect(body.status).toBe('ok');
    expect(body.details.database.connectionPool.max).toBe(10);
    expect(body.details.memory.status).toBe('up');
    expect(body.details.cpu).toBeDefined();
    expect(body.version).toBe('0.1.0');
  });
});

describe('metrics', () => {
  const promtool = requireTool('promtool');

  it.skipIf(!promtool.isInstalled)('are accepted by promtool (MET-01)', async () => {
    const { text } = await get('/metrics')
      .expect(200)
      .expect('Content-Type', /^text\/plain; version=0\.0\.4/);
    expect(promtool.exec(['check', 'metrics'], text)).toBe('');
  });

  it('count requests by method, endpoint and status, with templates for endpoints (MET-02, MET-03)', async () => {
    await get('/dev/items/41').expect(200);
    await get('/dev/items/42').expect(200);
    const scraped = async () => (await get('/metrics')).text;
    await expect.poll(scraped).toContain('http_requests_total{method="GET",endpoint="/dev/items/:id",status="200"} 2');
    expect(await scraped()).toContain(
      'http_request_duration_seconds_bucket{le="0.005",method="GET",endpoint="/dev/items/:id"',
    );
  });

  it('show errors_total, pool and process series (MET-04, MET-06, MET-07, MET-15)', async () => {
    const before = errorsTotal((await get('/metrics')).text);
    await get('/dev/error?kind=plain').expect(500);
    await expect.poll(async () => errorsTotal((await get('/metrics')).text)).toBe(before + 1);
    const { text } = await get('/metrics');
    expect(text).toMatch(/^process_heap_bytes \d+/m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    expect(text).toMatch(/^db_pool_max\{pool="default"\} 10$/m);
  });

  function errorsTotal(text: string): number {
    return Number(/^errors_total (\d+)$/m.exec(text)?.[1]);
  }
});

describe('faults on demand', () => {
  it.each(['plain', 'sql', 'string', 'null', 'async'])(
    'an error of kind %s is a 500 that tells nothing',
    async (kind) => {
      const { body, headers } = await get(`/dev/error?kind=${kind}`).expect(500);
      expect(body).toEqual({
        success: false,
        error: { code: 500, message: 'Internal server error' },
        requestId: headers['x-request-id'],
      });
      const errors = linesOf(headers['x-request-id']!).filter((line) => line.msg === 'Error occurred');
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatchObject({ level: 'error', severity: 'ERROR', method: 'GET', path: '/dev/error' });
    },
  );

  it('an operational error keeps its status and text (ERR-06)', async () => {
    const { body } = await get('/dev/error?kind=operational').expect(409);
    expect(body.error).toEqual({ code: 409, message: 'an operational error that was asked for' });
  });

  it('an error after the headers ends the connection, and is logged once', async () => {
    const answer = await fetch(`${server.url}/dev/late-error`, { headers: { 'X-Request-ID': 'late-1' } });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    const lines = linesOf('late-1').filter((line) => line.msg === 'Error occurred');
    expect(lines).toHaveLength(1);
  });

  it('a slow request has its line and one warning (LOG-32)', async () => {
    await get('/dev/slow?ms=200').set('X-Request-ID', 'slow-1').expect(200);
    // The lines are written when the response is over, which the client may see first.
    const warnings = () => linesOf('slow-1').filter((line) => line.level === 'warn');
    await expect.poll(() => warnings().length).toBe(1);
    expect(warnings()[0]?.msg).toContain('Slow');
    expect(warnings()[0]?.duration).toBeGreaterThanOrEqual(150);
  });

  it('a slow query has its warning, with the request that asked and without values (LOG-31, DB-09)', async () => {
    await get('/dev/query?ms=160').set('X-Request-ID', 'query-1').expect(200);
    const line = linesOf('query-1').find((one) => one.msg === 'Slow database query detected');
    expect(line).toMatchObject({
      level: 'warn',
      requestId: 'query-1',
      query: expect.stringContaining('pg_sleep') as string,
    });
    expect(line?.duration).toBeGreaterThanOrEqual(160);
  });

  it('an echo answers what is right and refuses what is not', async () => {
    const echo = (body: object) => request(server.url).post('/dev/echo').send(body);
    expect((await echo({ name: 'x', count: 2 }).expect(200)).body).toEqual({ name: 'x', count: 2 });
    for (const wrong of [{}, { name: 5 }, { name: 'x', count: 1.5 }, { name: 'x', more: 1 }])
      await echo(wrong).expect(400);
  });

  it('a heap snapshot on request is a file that only its user may read (PRC-18)', async () => {
    const { body } = await request(server.url).post('/dev/heap-snapshot').expect(201);
    expect(body.file).toMatch(/\.heapsnapshot$/);
    expect(statSync(body.file as string).mode & 0o777).toBe(0o600);
    await get('/health/live').expect(200);
  });

  it('are absent in production, also when they are asked for while nobody is kept out (API-12)', async () => {
    const production = await launch({
      env: {
        NODE_ENV: 'production',
        DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
        JWT_SECRET: 'a'.repeat(44),
        REFRESH_TOKEN_SECRET: 'b'.repeat(44),
        DEV_ROUTES: 'true',
      },
    });
    for (const fault of ['slow', 'error', 'memory']) await request(production.url).get(`/dev/${fault}`).expect(404);
    expect(production.output()).toContain('in staging and production they want OPS_TOKEN or OPS_NETWORKS');
    await production.stop();
  });
});

describe('the access log', () => {
  it('has one line per request, with the ids of the client (LOG-30, COR-04)', async () => {
    const { headers } = await get('/api/users?page=1').set('X-Correlation-ID', 'my-trace-123').expect(401);
    const line = () => server.logLines('access.log').find((one) => one.correlationId === 'my-trace-123');
    await expect.poll(line).toMatchObject({
      level: 'info',
      msg: 'Request completed',
      service: 'builder-api',
      environment: 'development',
      requestId: headers['x-request-id'],
      method: 'GET',
      url: '/api/users?page=1',
      statusCode: 401,
    });
  });

  it('has no line of a probe (LOG-34)', async () => {
    await get('/api/health').expect(200);
    await get('/dev/items/after-the-probe').expect(200);
    const urls = () => server.logLines('access.log').map((line) => String(line.url));
    await expect.poll(urls).toContain('/dev/items/after-the-probe');
    expect(urls().filter((url) => url.includes('health'))).toEqual([]);
  });

  it('stands on standard output as well, as JSON lines and nothing else', async () => {
    await get('/dev/items/on-standard-output').expect(200);
    await expect.poll(() => server.output()).toContain('/dev/items/on-standard-output');
    expect(() => parseLines(server.output())).not.toThrow();
  });
});

describe('the API docs', () => {
  it('are a page of this server, with a document of its routes (API-10)', async () => {
    const page = await get('/api-docs').expect(200);
    expect(page.text).not.toMatch(/https?:\/\//);
    for (const asset of ['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js'])
      await get(`/api-docs/${asset}`).expect(200);
    const { body } = await get('/api-docs/openapi.json').expect(200);
    expect(body.openapi).toBe('3.1.0');
    // openapi.test.ts compares all of them.
    expect(Object.keys(body.paths as object)).toContain('/auth/login');
  });
});

describe('the entries', () => {
  it('are there under every name that a runbook starts (PRC-10, X-44)', () => {
    const folder = join(import.meta.dirname, '../../examples/reference-server');
    expect(readFileSync(join(folder, 'dist/index.js'), 'utf8')).not.toBe('');
    expect(readFileSync(join(folder, 'dist/main.js'), 'utf8')).toContain("require('./index.js')".replaceAll("'", '"'));
    expect(readFileSync(join(folder, 'src/index.js'), 'utf8')).toContain("require('../dist/index.js')");
  });
});
