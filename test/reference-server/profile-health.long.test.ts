import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createHealthRouter, type HealthCheck } from 'express-runbook';
import { fromExample, PROFILES, type ProfileName } from '../support/example-sources.js';
import { testDatabase, type TestDatabase } from '../support/postgres.js';
import { requireTool } from '../support/real-tools.js';
import { freePort, launch, type ReferenceServer } from '../support/reference-server.js';

interface StandIn {
  readonly url: string;
  readonly calls: Readonly<Record<string, number>>;
  close(): Promise<void>;
}

const canAsk = [requireTool('curl'), requireTool('jq')].every(({ isInstalled }) => isInstalled);

describe.skipIf(!canAsk)('the health of each service, asked as its runbook does', () => {
  let database: TestDatabase;
  const closing: (() => unknown)[] = [];

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => database.drop());

  /** What a shell prints for a line of a runbook, without the end of the line. */
  async function sh(line: string): Promise<string> {
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    return stdout.replace(/\n$/, '');
  }

  const codeOf = (url: string): Promise<string> => sh(`curl -s -o /dev/null -w '%{http_code}' '${url}'`);

  /** On the port of the profile; on another only where somebody else has that one, which the refusal names. */
  async function serve(name: ProfileName, env: Record<string, string> = {}): Promise<ReferenceServer> {
    const { PORT: port } = PROFILES[name].settings;
    // A busy machine may be slow itself.
    const patience = { HEALTH_DB_RESPONSE_TIME_THRESHOLD: '60s' };
    const common = { OPS_PROFILE: name, DATABASE_URL: database.url, ...patience, ...env };
    const server = await launch({ env: { ...common, PORT: '' } }).catch(async (error: unknown) => {
      expect(String(error)).toContain(`EADDRINUSE: address already in use 127.0.0.1:${String(port)}`);
      return launch({ env: { ...common, PORT: String(await freePort()) } });
    });
    closing.push(() => server.stop());
    await expect.poll(() => server.output()).toContain('Server listening');
    const [, taken] = /"port":(\d+)/.exec(server.output()) ?? [];
    return { ...server, url: `http://localhost:${String(taken)}` };
  }

  /** The database is there, but lets nobody in. */
  async function closeDatabase(): Promise<void> {
    const admin = new pg.Client({ connectionString: inject('postgresAdminUrl') });
    await admin.connect();
    const name = new URL(database.url).pathname.slice(1);
    const allow = (isAllowed: boolean) => admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${String(isAllowed)}`);
    closing.push(async () => {
      await allow(true);
      await admin.end();
    });
    await allow(false);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  }

  it('builder: details with the flat keys beside them, nothing missed without Redis, 200 when degraded (HLT-01 … HLT-04, HLT-12, HLT-20, HLT-21, HLT-26, HLT-35, X-04, X-07)', async () => {
    const [model] = await standIns();
    const { url } = await serve('builder', { LLM_API_URL: model.url, LLM_API_KEY: 'k', HEALTH_CHECK_CACHE_TTL: '50' });
    expect(await sh(`curl ${url}/health | jq -r '.status, .database, .version'`)).toBe('ok\nconnected\n0.1.0');
    expect(await sh(`curl ${url}/health | jq -c '[.redis, .details.redis]'`)).toBe('[null,null]');
    for (const key of ['memory', 'cpu']) {
      expect(await sh(`curl ${url}/health | jq '.details.${key}'`)).toMatch(/"status": "(up|degraded)"/);
    }
    expect(await sh(`curl ${url}/health | jq '.details.database.connectionPool.max'`)).toBe('10');
    expect(await sh(`curl ${url}/health | jq -r '.timestamp'`)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await sh(`curl -w "\\nResponse time: %{time_total}s\\n" ${url}/health`)).toMatch(
      /\nResponse time: 0\.\d+s$/,
    );
    for (const path of ['/health/liveness', '/health/readiness', '/api/health']) {
      expect(await codeOf(url + path)).toBe('200');
    }
    const flat = await sh(
      `curl '${url}/health?format=flat' | jq -c '[.status, .database, .version, (.uptime | type)]'`,
    );
    expect(flat).toBe('["healthy","connected","0.1.0","number"]');
    expect(await sh(`curl '${url}/health?format=flat' | jq -r '.timestamp'`)).toMatch(/T\d\d:\d\d:\d\dZ$/);
    await sh(`curl -s -X POST '${model.url}/stand-in?mode=fail'`);
    await expect.poll(() => sh(`curl -s ${url}/health | jq -r '.status'`)).toBe('degraded');
    expect(await codeOf(`${url}/health`)).toBe('200');
    await closeDatabase();
    await expect.poll(() => codeOf(`${url}/health/readiness`)).toBe('503');
    expect(await sh(`curl ${url}/health | jq -r '.status, .database, .details.database.status'`)).toBe(
      'error\ndisconnected\ndown',
    );
    expect(await codeOf(`${url}/health`)).toBe('503');
    expect(await codeOf(`${url}/health/liveness`)).toBe('200');
  });

  it('codebook: one word for each check, 503 unless all are healthy, and no completion is ever paid for (HLT-12, HLT-22, HLT-36, HLT-37, X-52)', async () => {
    const [model, index] = await standIns();
    const { url } = await serve('codebook', {
      LLM_API_URL: model.url,
      LLM_API_KEY: 'sk-live-1',
      PINECONE_INDEX_URL: index.url,
      PINECONE_API_KEY: 'pc-live-1',
      HEALTH_CHECK_CACHE_TTL: '50',
    });
    await expect
      .poll(() => sh(`curl ${url}/health | jq -c '.checks, keys'`))
      .toBe(
        '{"pinecone":"healthy","llm_service":"healthy","database":"healthy"}\n["checks","status","timestamp","version"]',
      );
    expect(await sh(`curl ${url}/health | jq -r '.status, .timestamp'`)).toMatch(/^healthy\n\S+T\d\d:\d\d:\d\dZ$/);
    expect(await codeOf(`${url}/health`)).toBe('200');

    for (const [mode, down, up] of [
      ['fail', model, 'llm_service'],
      ['hang', index, 'pinecone'],
    ] as const) {
      await sh(`curl -s -X POST '${down.url}/stand-in?mode=${mode}'`);
      await expect.poll(() => sh(`curl -s ${url}/health | jq -r .checks.${up}`), { timeout: 8000 }).toBe('unhealthy');
      expect(await codeOf(`${url}/health`)).toBe('503');
      expect(await sh(`curl -s ${url}/health | jq -r '.status, .checks.database'`)).toBe('degraded\nhealthy');
      // A pod must not be restarted, and need not be taken out of traffic, because somebody else is down.
      expect(await codeOf(`${url}/health/liveness`)).toBe('200');
      expect(await codeOf(`${url}/health/readiness`)).toBe('200');
      await sh(`curl -s -X POST '${down.url}/stand-in?mode=ok'`);
      await expect.poll(() => codeOf(`${url}/health`), { timeout: 8000 }).toBe('200');
    }

    await closeDatabase();
    await expect.poll(() => codeOf(`${url}/health`)).toBe('503');
    expect(await sh(`curl ${url}/health | jq -r '.status, .checks.database'`)).toBe('unhealthy\nunhealthy');
    expect(model.calls['GET /v1/models']).toBeGreaterThan(0);
    expect(model.calls['POST /v1/chat/completions']).toBe(0);
  });

  it('codebook: a slow service is degraded, and a refused key makes it unhealthy (HLT-36, HLT-37)', async () => {
    const [model, index] = await standIns();
    const { dependencyChecks } = (await fromExample('dependency-checks.ts')) as {
      dependencyChecks: (config: object) => HealthCheck[];
    };
    await sh(`curl -s -X POST '${index.url}/stand-in?mode=slow&ms=550'`);
    const config = { llmApiUrl: model.url, pineconeIndexUrl: index.url, pineconeApiKey: 'pc-live-1' };
    const { checks } = await createHealthRouter({
      checks: dependencyChecks(config),
      timeoutMs: 10_000,
      responseDeadlineMs: 10_000,
    }).report();
    expect(checks).toMatchObject([
      { name: 'pinecone', status: 'degraded' },
      { name: 'llm_service', status: 'down', message: 'llm_service answered 401' },
    ]);
  });

  async function standIns(): Promise<[model: StandIn, index: StandIn]> {
    const { startLanguageModel } = (await fromExample('stand-ins/language-model.ts')) as {
      startLanguageModel: () => Promise<StandIn>;
    };
    const { startVectorIndex } = (await fromExample('stand-ins/vector-index.ts')) as {
      startVectorIndex: () => Promise<StandIn>;
    };
    const both: [StandIn, StandIn] = [await startLanguageModel(), await startVectorIndex()];
    closing.push(() => Promise.all(both.map((one) => one.close())));
    return both;
  }

  it('ordo: checks as objects, short probe names, two prefixes (HLT-05, HLT-06, HLT-23, CFG-03, X-06)', async () => {
    const { url } = await serve('ordo');
    expect(await sh(`curl ${url}/health | jq -r '.status, .checks.database.status'`)).toBe('ok\nup');
    expect(Number(await sh(`curl ${url}/health | jq '.checks.database.responseTime'`))).toBeGreaterThan(0);
    expect(await sh(`curl ${url}/health | jq '.checks.memory'`)).toContain('"status": "up"');
    for (const path of ['/health/live', '/health/ready', '/api/v1/health', '/api/health', '/metrics', '/api-docs']) {
      expect(await codeOf(url + path), path).toBe('200');
    }
    expect(await codeOf(`${url}/api/v1/users`)).toBe('401');
    await closeDatabase();
    await expect.poll(() => codeOf(`${url}/health`)).toBe('503');
    expect(await sh(`curl ${url}/health | jq -r '.status, .checks.database.status'`)).toBe('error\ndown');
  });

  it('booky: a flat body below /api (HLT-02, HLT-24)', async () => {
    const { url } = await serve('booky');
    const body = await sh(`curl ${url}/api/health`);
    expect(body).toMatch(/^\{"status":"healthy","timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/);
    expect(await sh(`curl ${url}/api/health | jq '.version'`)).toBe('"0.1.0"');
    expect(await sh(`curl -w "\\nTime: %{time_total}s\\n" ${url}/api/health`)).toMatch(/\nTime: 0\.\d+s$/);
    expect(await sh(`curl -v ${url}/api/health 2>&1`)).toContain('HTTP/1.1 200 OK');
    await closeDatabase();
    await expect.poll(() => codeOf(`${url}/api/health`)).toBe('503');
    expect(await sh(`curl ${url}/api/health | jq -r .status`)).toBe('unhealthy');
  });

  it('beo: ok, warning and error in objects, with sizes and shares as its guide prints them (HLT-25, HLT-26, HLT-27, X-05, X-09, X-10)', async () => {
    const { url } = await serve('beo');
    expect(await sh(`curl ${url}/api/health | jq -c '[.status, (.checks | keys)]'`)).toBe(
      '["ok",["database","diskSpace","memory"]]',
    );
    expect(await sh(`curl ${url}/api/health | jq -r '.checks[].status'`)).toBe('ok\nok\nok');
    expect(Number(await sh(`curl ${url}/api/health | jq '.checks.database.latency'`))).toBeGreaterThan(0);
    expect(await sh(`curl ${url}/api/health | jq -r '.timestamp'`)).toMatch(/\.\d{3}Z$/);
    const memory = await sh(`curl ${url}/api/health | jq -r '.checks.memory | .heapUsed, .heapTotal, .percentage'`);
    expect(memory).toMatch(/^\d+MB\n\d+MB\n\d+\.\d{2}%$/);
    const [used = 0, total = 0, share = 0] = memory.split('\n').map((text) => parseInt(text, 10));
    expect(Math.abs((used / total) * 100 - share)).toBeLessThan(8);
    await closeDatabase();
    await expect.poll(() => codeOf(`${url}/api/health`)).toBe('503');
    const database = JSON.parse(await sh(`curl ${url}/api/health | jq -c '.checks.database'`)) as object;
    expect(database).toMatchObject({ status: 'error', message: 'database is not reachable' });
    expect(JSON.stringify(database)).not.toMatch(/postgres|127\.0\.0\.1|@/);
  });

  it('beo: 503 already for a warning, while readiness goes on (HLT-12, X-07, X-08)', async () => {
    const { url } = await serve('beo', { HEALTH_DISK_THRESHOLD: '1%' });
    expect(await codeOf(`${url}/api/health`)).toBe('503');
    expect(await sh(`curl ${url}/api/health | jq -r '.status, .checks.diskSpace.status'`)).toBe('degraded\nwarning');
    expect(await codeOf(`${url}/health/ready`)).toBe('200');
  });
});
