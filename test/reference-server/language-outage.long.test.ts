import { join } from 'node:path';
import pg from 'pg';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { valueOf } from '../metrics/exposition-value.js';
import { requireTool } from '../support/real-tools.js';
import { launch, type LaunchOptions, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';
import { COMPLETIONS, standInVariables, startIndex, startModel, type StandIn } from '../support/stand-ins.js';

const SECRETS = {
  JWT_SECRET: 'an-access-secret-of-this-test-only-0123456789',
  REFRESH_TOKEN_SECRET: 'a-refresh-secret-of-this-test-only-0123456789',
};
const PATIENCE = { timeout: 40_000, interval: 100 };
const CALLS = 60;

const jq = requireTool('jq');
const servers: ReferenceServer[] = [];
let model: StandIn;
let index: StandIn;
let database: pg.Client;
let databaseUrl: string;
/** Takes orders, and works on none. */
let api: ReferenceServer;
let worker: ReferenceServer;
let token: string;
let client: string;
let codebook: string;

async function started({ env, ...options }: Partial<LaunchOptions> = {}): Promise<ReferenceServer> {
  // Sixty callers on a busy machine wait for each other: this is about the model.
  const patient = { RATE_LIMIT_MAX: '10000', DB_CONNECTION_TIMEOUT: '30000' };
  const given = { ...SECRETS, ...patient, OPS_PROFILE: 'codebook', DATABASE_URL: databaseUrl };
  const one = await launch({ ...options, env: { ...given, ...standInVariables(model, index), ...env } });
  servers.push(one);
  return one;
}

beforeAll(async () => {
  const seeded = await seededDatabase();
  databaseUrl = seeded.url;
  [model, index] = await Promise.all([startModel(), startIndex()]);
  database = new pg.Client({ connectionString: seeded.url });
  await database.connect();
  [api, worker] = await Promise.all([started({ env: { JOBS_CONCURRENCY: '0' } }), started({ entry: 'worker.js' })]);
  const credentials = { email: 'test@example.com', password: 'test123' };
  token = (await request(api.url).post('/auth/login').send(credentials).expect(200)).body.token as string;
  client = (await post('/clients', { name: 'Harbour' })).body.id as string;
  codebook = (await post(`/clients/${client}/codebooks`, { name: 'Bridge' })).headers.location ?? '';
  await post(`${codebook}/items`, { items: [{ label: 'bolt' }, { label: 'screw' }] });
  return seeded.drop;
});

beforeEach(() => {
  for (const one of [model, index]) one.behave({ mode: 'ok' });
});

afterAll(async () => {
  await Promise.all(servers.map((one) => one.stop()));
  await database.end();
  await Promise.all([model.close(), index.close()]);
});

async function post(path: string, body: object, { url } = api, correlationId?: string): Promise<Response> {
  const asked = request(url).post(path).set('Authorization', `Bearer ${token}`);
  return correlationId === undefined ? asked.send(body) : asked.set('X-Correlation-ID', correlationId).send(body);
}

async function jobs(ids: readonly string[]): Promise<{ status: string; attempts: number }[]> {
  const text = 'SELECT status, attempts FROM jobs WHERE id = ANY($1::uuid[])';
  return (await database.query<{ status: string; attempts: number }>(text, [ids])).rows;
}

const statuses = async (ids: readonly string[]): Promise<string[]> => [
  ...new Set((await jobs(ids)).map(({ status }) => status)),
];

async function metric(series: string, { url }: ReferenceServer): Promise<number> {
  return valueOf((await request(url).get('/metrics')).text, series) ?? NaN;
}

describe('a request that crosses API, job and language model', () => {
  it.skipIf(!jq.isInstalled)(
    'is found in the logs of both processes, and at the model, by one correlation id and one jq command (COR-02, COR-07, EXT-12, LOG-43)',
    async () => {
      const id = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
      const { body } = await post(`${codebook}/analysis`, {}, api, id);
      await expect.poll(() => statuses([body.id as string]), PATIENCE).toEqual(['completed']);
      const logs = [api, worker].map(({ logDir }) => join(logDir, 'app.log'));
      const found = (): string[] =>
        jq.exec(['-r', `select(.context.correlation_id == "${id}") | .message`, ...logs]).split('\n');
      const wanted = ['Job created', 'Request completed', 'Job started', 'LLM usage', 'Job completed'];
      await expect.poll(found, PATIENCE).toEqual(expect.arrayContaining(wanted));
      const strays = `select(.context.job_id == "${String(body.id)}" and .context.correlation_id != "${id}")`;
      expect(jq.exec(['-c', strays, ...logs])).toBe('');
      const asked = model.received.filter(({ route }) => route === COMPLETIONS).at(-1);
      expect(asked?.headers).toMatchObject({ 'x-correlation-id': id });
      // The stand-in tells it from outside as well, and never a key.
      const told = (await request(model.url).get('/stand-in').expect(200)).text;
      expect(told).toContain(id);
      expect(told).not.toContain('sk-stand-in-key');
    },
  );
});

describe('while the language model is away', () => {
  it('orders are taken and say so, wait without losing attempts, and are all done once it is back (EXT-04, JOB-07, EXT-03)', async () => {
    model.behave({ mode: 'fail' });
    const ids: string[] = [];
    const order = async (): Promise<Response> => {
      const answer = await post(`${codebook}/refactor`, {});
      ids.push(answer.body.id as string);
      return answer;
    };
    // What was seen of the model a moment ago is believed for another.
    await expect.poll(async () => (await order()).body.degraded as boolean, PATIENCE).toBe(true);
    const answers = await Promise.all(Array.from({ length: CALLS }, order));
    const message = 'LLM service unavailable: the job is queued and begins when it is back';
    for (const { status, body } of answers) {
      expect(status).toBe(202);
      expect(body).toMatchObject({ type: 'refactor', degraded: true, message });
    }
    const up = () => metric('external_service_up{service="llm_service"}', worker);
    await expect.poll(up, PATIENCE).toBe(0);
    const isQuiet = async () => (await statuses(ids)).join() === 'pending';
    await expect.poll(isQuiet, PATIENCE).toBe(true);
    // From here on none is begun, however often somebody looks whether the model is back.
    const sum = async () => (await jobs(ids)).reduce((all, { attempts }) => all + attempts, 0);
    const [before, asks] = [await sum(), model.calls['GET /v1/models'] ?? 0];
    await expect.poll(() => model.calls['GET /v1/models'] ?? 0, PATIENCE).toBeGreaterThan(asks + 2);
    expect(await sum()).toBe(before);

    model.behave({ mode: 'ok' });
    await expect.poll(() => statuses(ids), PATIENCE).toEqual(['completed']);
    expect(await up()).toBe(1);
    expect(await sum()).toBe(before + ids.length);
    expect(await metric('refactor_operations_total', worker)).toBe(ids.length);
    const { rows } = await database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM codebook_versions WHERE job_id = ANY($1::uuid[])',
      [ids],
    );
    expect(rows).toEqual([{ count: ids.length }]);
  });

  it('who waits for an answer has 503 with one text, each counted, and 200 once it is back (ERR-16, X-54, MET-29)', async () => {
    const ask = (number: number) => post('/analysis', { clientId: client, text: `text ${String(number)}` });
    const all = () => Promise.all(Array.from({ length: CALLS }, (_, number) => ask(number)));
    const told = (answers: Response[]) =>
      new Set(answers.map(({ status, body }) => [status, body.error?.message as unknown].join(' ')));
    // One call at a time tries, after an outage such as that of the test before.
    await expect.poll(async () => (await ask(4000)).status, PATIENCE).toBe(200);
    expect(told(await all())).toEqual(new Set(['200 ']));
    model.behave({ mode: 'fail' });
    const failed = await Promise.all(Array.from({ length: CALLS }, (_, number) => ask(1000 + number)));
    expect(told(failed)).toEqual(new Set(['503 LLM service unavailable']));
    const errors = await request(api.url).get('/metrics');
    expect(errors.text).toMatch(/endpoint="\/analysis",status="503".*\} 60\n/);
    model.behave({ mode: 'ok' });
    await expect.poll(async () => (await ask(5000)).status, PATIENCE).toBe(200);
  });
});

describe('while the vector index is away', () => {
  it('a search waits for it and is done once it is back; what needs the model alone does not wait (EXT-04, EXT-09, JOB-07)', async () => {
    index.behave({ mode: 'fail' });
    const search = () => post(`${codebook}/search`, { text: 'bolt' });
    const first = await search();
    await expect.poll(async () => (await search()).body.degraded as boolean, PATIENCE).toBe(true);
    const analysis = await post(`${codebook}/analysis`, {});
    expect(analysis.body).toMatchObject({ degraded: false });
    await expect.poll(() => statuses([analysis.body.id as string]), PATIENCE).toEqual(['completed']);
    expect(await statuses([first.body.id as string])).not.toContain('completed');
    index.behave({ mode: 'ok' });
    await expect.poll(() => statuses([first.body.id as string]), PATIENCE).toEqual(['completed']);
  });
});

describe('a second language model', () => {
  it('answers while the first is away, and nobody waits; the budget of the month is told of once (EXT-02, EXT-06, EXT-11, ALR-13, X-57)', async () => {
    const other = await startModel();
    const both = await started({
      env: {
        LLM_FALLBACK_API_URL: other.url,
        LLM_FALLBACK_API_KEY: 'sk-other-key',
        LLM_MONTHLY_BUDGET_USD: '10',
        METRICS_MAX_CLIENTS: '0',
      },
    });
    const { rows } = await database.query<{ id: string }>(`INSERT INTO clients (name) VALUES ('Spender') RETURNING id`);
    await database.query(
      `INSERT INTO llm_usage_months (client_id, month, cost_usd) VALUES ($1, date_trunc('month', now() AT TIME ZONE 'UTC'), 8)`,
      [rows[0]?.id],
    );
    model.behave({ mode: 'fail' });
    try {
      const ask = (text: string) => post('/analysis', { clientId: client, text }, both);
      const answers = [await ask('one'), await ask('two'), await ask('three')];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(other.calls[COMPLETIONS]).toBe(3);
      expect(await metric('external_fallbacks_total{service="llm_service"}', both)).toBe(3);
      const { body } = await post(`${codebook}/recommendations`, {}, both);
      expect(body).toMatchObject({ degraded: false });
      const usage = (await request(both.url).get('/metrics')).text;
      expect(usage).toMatch(/llm_tokens_total\{model="gpt-4o-mini",type="prompt"\} \d+/);
      const lines = () => both.logLines().filter(({ message }) => message === 'LLM budget is nearly used up');
      await expect.poll(lines).toHaveLength(1);
      // Health names each service that is called.
      const { body: health } = await request(both.url).get('/health');
      expect(health.checks).toMatchObject({ llm_service: 'unhealthy', llm_fallback: 'healthy', pinecone: 'healthy' });
      expect(both.output()).not.toContain('sk-other-key');
    } finally {
      await other.close();
    }
  });
});
