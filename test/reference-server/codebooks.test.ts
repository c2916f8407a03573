import pg from 'pg';
import request, { type Test } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valueOf } from '../metrics/exposition-value.js';
import { requireTool } from '../support/real-tools.js';
import { startRedis, type RedisServer } from '../support/redis.js';
import { launch, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';
import { COMPLETIONS, standInVariables, startIndex, startModel, type StandIn } from '../support/stand-ins.js';

const PATIENCE = { timeout: 20_000 };
const NOBODY = '00000000-0000-4000-8000-000000000000';

const redisServer = requireTool('redis-server');
const redisCli = requireTool('redis-cli');
const hasRedis = redisServer.isInstalled && redisCli.isInstalled;

let server: ReferenceServer;
let redis: RedisServer | undefined;
let model: StandIn;
let index: StandIn;
let database: pg.Client;
let token: string;
let client: string;

beforeAll(async () => {
  const seeded = await seededDatabase();
  [model, index] = await Promise.all([startModel(), startIndex()]);
  redis = hasRedis ? await startRedis() : undefined;
  database = new pg.Client({ connectionString: seeded.url });
  await database.connect();
  server = await launch({
    env: {
      OPS_PROFILE: 'codebook',
      DATABASE_URL: seeded.url,
      RATE_LIMIT_MAX: '10000',
      ...(redis === undefined ? {} : { REDIS_URL: `redis://127.0.0.1:${String(redis.port)}` }),
      ...standInVariables(model, index),
    },
  });
  const credentials = { email: 'test@example.com', password: 'test123' };
  token = (await request(server.url).post('/auth/login').send(credentials).expect(200)).body.token as string;
  client = (await call('post', '/clients').send({ name: 'Harbour' }).expect(201)).body.id as string;
  return seeded.drop;
});

afterAll(async () => {
  await server.stop();
  await database.end();
  await Promise.all([model.close(), index.close(), redis?.end()]);
});

function call(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, as = token): Test {
  return request(server.url)[method](path).set('Authorization', `Bearer ${as}`);
}

async function metric(series: string): Promise<number> {
  return valueOf((await request(server.url).get('/metrics')).text, series) ?? NaN;
}

/** Where a new codebook of the client is. */
async function codebook(name = 'Harbour bridge', ...labels: string[]): Promise<string> {
  const { headers } = await call('post', `/clients/${client}/codebooks`).send({ name }).expect(201);
  const path = headers.location ?? '';
  if (labels.length > 0) {
    const items = labels.map((label) => ({ label }));
    await call('post', `${path}/items`).send({ items }).expect(201);
  }
  return path;
}

async function done({ headers }: { headers: Record<string, string> }): Promise<Record<string, unknown>> {
  const look = async () => (await call('get', headers.location ?? '').expect(200)).body as Record<string, unknown>;
  await expect.poll(async () => (await look()).status, PATIENCE).toMatch(/completed|failed/);
  return look();
}

describe('a codebook', () => {
  it('is created with 201, a line of its exact text and a counter (API-06, LOG-52, LOG-06, MET-26)', async () => {
    const before = await metric('codebooks_created_total');
    const path = await codebook();
    const { body } = await call('get', path).expect(200);
    expect(body).toMatchObject({ clientId: client, name: 'Harbour bridge' });
    expect(await metric('codebooks_created_total')).toBe(before + 1);
    const id = body.id as string;
    const of = (line: Record<string, unknown>) => line.context as Record<string, unknown>;
    const mine = () => server.logLines().filter((line) => of(line).codebook_id === id);
    await expect.poll(() => mine().map(({ message }) => message)).toEqual(['Codebook created successfully']);
    expect(mine()[0]).toMatchObject({ level: 'INFO', context: { client_id: client, user_id: '1' } });
    const endpoints = () => server.logLines().map((line) => of(line).endpoint);
    await expect.poll(endpoints).toContain('POST /clients/:clientId/codebooks');
    const { body: listed } = await call('get', `/clients/${client}/codebooks`).expect(200);
    expect(listed.data).toContainEqual(body);
  });

  it('wants a token, a client that there is and a name (API-06)', async () => {
    await request(server.url).post(`/clients/${client}/codebooks`).send({ name: 'x' }).expect(401);
    await call('post', `/clients/${NOBODY}/codebooks`).send({ name: 'x' }).expect(404);
    await call('post', '/clients/7/codebooks').send({ name: 'x' }).expect(400);
    await call('post', `/clients/${client}/codebooks`).send({ name: ' ' }).expect(400);
    await call('get', `/clients/${client}/codebooks/${NOBODY}`).expect(404);
    await call('delete', `/clients/${client}/codebooks`).expect(405);
  });

  it('is its client’s alone: a key sees and does nothing of another, and starts no job for it (X-65)', async () => {
    const path = await codebook();
    const { body } = await call('post', '/api-keys').send({ name: 'another' }).expect(201);
    const [key, other] = [body.key as string, body.clientId as string];
    await call('get', path, key).expect(404);
    await call('post', `/clients/${client}/codebooks`, key).send({ name: 'x' }).expect(404);
    await call('post', '/jobs', key).send({ type: 'analysis', clientId: client }).expect(404);
    const mine = await call('post', '/jobs').send({ type: 'analysis', clientId: client }).expect(202);
    await call('get', mine.headers.location ?? '').expect(200);
    await call('get', mine.headers.location ?? '', key).expect(404);
    await call('post', '/clients', key).send({ name: 'x' }).expect(401);
    const { body: seen } = await call('get', '/clients', key).expect(200);
    expect((seen.data as { id: string }[]).map(({ id }) => id)).toEqual([other]);
    await call('post', `/clients/${other}/codebooks`, key).send({ name: 'of its own' }).expect(201);
    // Not by way of its own client either.
    await call('get', path.replace(client, other), key).expect(404);
  });

  it('takes many items at once, all or none, and gives them page by page by cursor (API-06, MET-26)', async () => {
    const path = await codebook();
    const before = await metric('items_uploaded_total');
    const items = Array.from({ length: 250 }, (_, number) => ({ label: `bolt ${String(number)}`, division: '05' }));
    const { body } = await call('post', `${path}/items`).send({ items }).expect(201);
    expect(body).toEqual({ uploaded: 250 });
    expect(await metric('items_uploaded_total')).toBe(before + 250);
    await call('post', `${path}/items`)
      .send({ items: [{ label: 'fine' }, { label: 'odd', division: '99' }] })
      .expect(400);
    const labels: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const asked = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await call('get', `${path}/items?limit=100${asked}`).expect(200)).body as {
        data: { label: string }[];
        nextCursor: string | null;
      };
      labels.push(...page.data.map(({ label }) => label));
      cursor = page.nextCursor;
    }
    expect(labels).toEqual(items.map(({ label }) => label));
  });

  it('has one active version at every moment, whoever activates another (API-06)', async () => {
    const path = await codebook();
    await Promise.all([1, 2, 3].map(() => call('post', `${path}/versions`).send({ notes: 'anew' }).expect(201)));
    expect((await call('get', `${path}/active-version`).expect(200)).body).toMatchObject({ version: 1 });
    const tries = [2, 3, 4, 2].map((version) => call('put', `${path}/active-version`).send({ version }));
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { body } = await call('get', `${path}/versions`).expect(200);
    const versions = body.data as { version: number; isActive: boolean }[];
    expect(versions.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    const active = versions.filter(({ isActive }) => isActive);
    expect(active).toHaveLength(1);
    // The cache has it from the database, not from before.
    expect((await call('get', `${path}/active-version`).expect(200)).body.version).toBe(active[0]?.version);
    await call('put', `${path}/active-version`).send({ version: 9 }).expect(404);
  });
});

describe('what codebooks need is kept', () => {
  const cli = (...words: string[]): string => redisCli.exec(['-p', String(redis?.port), ...words]).trim();

  it.skipIf(!hasRedis)(
    'in Redis: active versions for 5 minutes, rules for 10, divisions for an hour, prompts until they change (CCH-01, CCH-04)',
    async () => {
      const path = await codebook('Kept', 'bolt');
      await call('get', `${path}/active-version`).expect(200);
      await call('get', `/clients/${client}/rules`).expect(200);
      await call('get', '/csi-divisions').expect(200);
      await done(await call('post', `${path}/analysis`).send({}).expect(202));
      const times = {
        [`codebook:${path.split('/').at(-1) ?? ''}:active_version`]: 300,
        [`client:${client}:rules`]: 600,
        csi_divisions: 3600,
        // As long as a cache keeps anything.
        'prompt_template:analysis': 2_147_483,
      };
      for (const [key, seconds] of Object.entries(times)) {
        const ttl = Number(cli('ttl', key));
        expect(ttl, key).toBeLessThanOrEqual(seconds + 1);
        expect(ttl, key).toBeGreaterThan(seconds - 60);
      }
      const value: unknown = JSON.parse(cli('get', Object.keys(times)[0] ?? ''));
      expect(value).toMatchObject({ version: 1, isActive: true });
      // The hits of the service are those that Redis counts (CCH-10).
      const hits = () => Number(/keyspace_hits:(\d+)/.exec(cli('info', 'stats'))?.[1]);
      const before = hits();
      await call('get', `${path}/active-version`).expect(200);
      expect(hits()).toBeGreaterThan(before);
    },
  );

  it('and thrown away with every change (CCH-05)', async () => {
    const path = await codebook();
    const active = async () => (await call('get', `${path}/active-version`).expect(200)).body.version as number;
    expect(await active()).toBe(1);
    await call('post', `${path}/versions`).send({}).expect(201);
    await call('put', `${path}/active-version`).send({ version: 2 }).expect(200);
    expect(await active()).toBe(2);

    const rules = async () =>
      ((await call('get', `/clients/${client}/rules`).expect(200)).body.data as { text: string }[]).map(
        ({ text }) => text,
      );
    expect(await rules()).toEqual([]);
    const made = await call('post', `/clients/${client}/rules`).send({ text: 'Singular only.' }).expect(201);
    expect(await rules()).toEqual(['Singular only.']);
    await call('delete', `/clients/${client}/rules/${String(made.body.id)}`).expect(204);
    expect(await rules()).toEqual([]);

    const { body } = await call('get', '/csi-divisions').expect(200);
    expect(body.data).toContainEqual({ code: '05', title: 'Metals' });
    const missing = await call('get', `${path}/active-version`).set('Authorization', 'Bearer none').expect(401);
    expect(missing.body.success).toBe(false);
  });
});

it('rules of a client are 200 at most, also when many are made at the same time', async () => {
  const owner = (await call('post', '/clients').send({ name: 'Strict' }).expect(201)).body.id as string;
  await database.query(
    `INSERT INTO client_rules (client_id, text) SELECT $1, 'rule ' || n FROM generate_series(1, 197) AS n`,
    [owner],
  );
  // Nobody can add one before all have come.
  await database.query('BEGIN');
  await database.query('SELECT FROM clients WHERE id = $1 FOR UPDATE', [owner]);
  const added = Array.from({ length: 8 }, async () => {
    const { status } = await call('post', `/clients/${owner}/rules`).send({ text: 'One more.' });
    return status;
  });
  const waiting = async (): Promise<number | undefined> => {
    // Otherwise a transaction sees the same activity from its beginning to its end.
    await database.query('SELECT pg_stat_clear_snapshot()');
    const { rows } = await database.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rows[0]?.count;
  };
  await expect.poll(waiting, PATIENCE).toBe(added.length);
  await database.query('COMMIT');
  const statuses = await Promise.all(added);
  expect(statuses.sort()).toEqual([...Array<number>(3).fill(201), ...Array<number>(5).fill(409)]);
  expect((await call('get', `/clients/${owner}/rules`).expect(200)).body.data).toHaveLength(200);
});

describe('what a language model does with a codebook', () => {
  it('is a job: refactoring is taken with 202, and makes a version of its own, once (JOB-08, API-07, MET-26, EXT-07)', async () => {
    const path = await codebook('To refactor', 'bolt', 'screw');
    await call('post', `/clients/${client}/rules`).send({ text: 'Metals come first.' }).expect(201);
    const before = await metric('refactor_operations_total');
    const taken = await call('post', `${path}/refactor`).send({}).expect(202);
    expect(taken.body).toMatchObject({ type: 'refactor', degraded: false });
    const { result, status } = await done(taken);
    expect({ result, status }).toEqual({ result: { version: 2 }, status: 'completed' });
    expect(await metric('refactor_operations_total')).toBe(before + 1);
    const { body } = await call('get', `${path}/versions`).expect(200);
    expect(body.data[1]).toMatchObject({ version: 2, isActive: false, notes: 'A stand-in knows no answers.' });
    const asked = model.received.filter(({ route }) => route === COMPLETIONS).at(-1);
    expect(asked?.body).toMatchObject({ model: 'gpt-4o', max_tokens: 4000 });
    expect(JSON.stringify(asked?.body)).toMatch(/Restructure.*Rules:.*Metals come first\..*Items:.*screw.*bolt/);
    const { rows } = await database.query('SELECT operation FROM llm_usage WHERE client_id = $1', [client]);
    expect(rows).toContainEqual({ operation: 'refactor' });
  });

  it('says what it is about with the cheaper model, as the template has it, and asks nobody twice (EXT-07, CCH-04, CCH-11)', async () => {
    const path = await codebook('To analyse', 'bolt');
    const analyse = async () => (await done(await call('post', `${path}/analysis`).send({}).expect(202))).result;
    const calls = () => model.calls[COMPLETIONS] ?? 0;
    const before = calls();
    expect(await analyse()).toEqual({ summary: 'A stand-in knows no answers.' });
    await analyse();
    expect(calls()).toBe(before + 1);
    expect(model.received.at(-1)?.body).toMatchObject({ model: 'gpt-4o-mini', max_tokens: 1000 });

    await call('put', '/prompt-templates/analysis').send({ text: 'Say it in one word.' }).expect(200);
    await analyse();
    expect(calls()).toBe(before + 2);
    expect(JSON.stringify(model.received.at(-1)?.body)).toContain('Say it in one word.');
    await call('put', '/prompt-templates/other').send({ text: 'x' }).expect(400);
    expect((await call('get', '/prompt-templates').expect(200)).body.data).toHaveLength(3);
  });

  it('recommends, and counts what was recommended and what was accepted, once each (MET-26)', async () => {
    const path = await codebook('To improve', 'bolt');
    const [generated, accepted] = ['recommendations_generated_total', 'recommendations_accepted_total'] as const;
    const before = [await metric(generated), await metric(accepted)];
    await done(await call('post', `${path}/recommendations`).send({}).expect(202));
    const all = `/clients/${client}/recommendations`;
    const { body } = await call('get', `${all}?status=open`).expect(200);
    const one = (body.data as { id: string; text: string }[]).at(-1);
    expect(one).toMatchObject({ text: 'A stand-in knows no answers.', status: 'open', decidedAt: null });
    const decide = (status: string) => call('patch', `${all}/${one?.id ?? ''}`).send({ status });
    expect((await decide('accepted').expect(200)).body.status).toBe('accepted');
    await decide('accepted').expect(200);
    await decide('rejected').expect(409);
    expect([await metric(generated), await metric(accepted)]).toEqual(before.map((value) => value + 1));
    await call('patch', `${all}/999999`).send({ status: 'accepted' }).expect(404);
  });

  it('finds the items that were uploaded, and those of no other codebook or client (EXT-09, API-07)', async () => {
    const path = await codebook('To find', 'zzzz zzzz', 'bolt');
    const textsIn = async (codebookPath: string, limit = 10) => {
      const taken = await call('post', `${codebookPath}/search`).send({ text: 'zzzz', limit }).expect(202);
      const { result } = (await done(taken)) as { result: { matches: { metadata: { text: string } }[] } };
      return result.matches.map(({ metadata }) => metadata.text).sort();
    };
    await expect.poll(() => textsIn(path, 1), PATIENCE).toEqual(['zzzz zzzz']);
    // Another codebook of the same client has the same item.
    const twin = await codebook('A twin', 'zzzz zzzz');
    await expect.poll(() => textsIn(twin), PATIENCE).toEqual(['zzzz zzzz']);
    expect(await textsIn(path)).toEqual(['bolt', 'zzzz zzzz']);
    const other = (await call('post', '/clients').send({ name: 'Other' }).expect(201)).body.id as string;
    const found = await call('post', '/search').send({ clientId: other, text: 'zzzz' }).expect(200);
    expect(found.body).toEqual({ matches: [] });
    expect(
      await metric('vector_operation_duration_seconds_count{service="pinecone",operation="upsert"}'),
    ).toBeGreaterThan(0);
  });

  it('takes no text that a job could not keep: 400, and never an error of the house', async () => {
    const path = await codebook();
    for (const text of ['a\0b', 'a\ud800b']) {
      await call('post', `${path}/search`).send({ text }).expect(400);
      await call('post', '/analysis').send({ clientId: client, text }).expect(400);
    }
    await call('post', `${path}/items`)
      .send({ items: [{ label: 'a\0b' }] })
      .expect(400);
    await call('post', `/clients/${client}/rules`).send({ text: 'a\0b' }).expect(400);
    await call('post', `${path}/search`).send({ text: '😀' }).expect(202);
  });

  it('waits for the night where that is asked for, and is a dead letter without items (JOB-06, JOB-05)', async () => {
    const path = await codebook('Empty');
    const night = await call('post', `${path}/refactor`).send({ when: 'night', priority: 'low' }).expect(202);
    const { rows } = await database.query<{ hour: string; later: boolean }>(
      `SELECT to_char(run_at AT TIME ZONE 'UTC', 'HH24:MI:SS') AS hour, run_at > now() AS later FROM jobs WHERE id = $1`,
      [night.body.id],
    );
    expect(rows).toEqual([{ hour: '02:00:00', later: true }]);
    expect(night.body).toMatchObject({ status: 'pending', priority: 'low' });
    const failed = await done(await call('post', `${path}/recommendations`).send({}).expect(202));
    expect(failed).toMatchObject({ status: 'failed', attempts: 1, error: 'the codebook has no items' });
  });
});
