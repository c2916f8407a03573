import pg from 'pg';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valueOf } from '../metrics/exposition-value.js';
import { launch, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';
import { COMPLETIONS, standInVariables, startIndex, startModel, type StandIn } from '../support/stand-ins.js';

const CLIENT = '00000000-0000-4000-8000-00000000c0de';
const PROMPT = 'Too slow, too dear, and nobody answers the telephone.';

let server: ReferenceServer;
let model: StandIn;
let index: StandIn;
let database: pg.Client;
let token: string;

beforeAll(async () => {
  const seeded = await seededDatabase();
  [model, index] = await Promise.all([startModel(), startIndex()]);
  database = new pg.Client({ connectionString: seeded.url });
  await database.connect();
  await database.query('INSERT INTO clients (id, name) VALUES ($1, $2)', [CLIENT, 'Harbour']);
  server = await launch({
    env: {
      OPS_PROFILE: 'codebook',
      DATABASE_URL: seeded.url,
      RATE_LIMIT_MAX: '10000',
      // Sixty callers on a busy machine wait for each other: this is about the model.
      DB_CONNECTION_TIMEOUT: '30000',
      ...standInVariables(model, index),
    },
  });
  const credentials = { email: 'test@example.com', password: 'test123' };
  token = (await request(server.url).post('/auth/login').send(credentials).expect(200)).body.token as string;
  return seeded.drop;
});

afterAll(async () => {
  await server.stop();
  await database.end();
  await Promise.all([model.close(), index.close()]);
});

const post = (path: string, body: object) =>
  request(server.url).post(path).set('Authorization', `Bearer ${token}`).send(body);

const metric = async (series: string) => valueOf((await request(server.url).get('/metrics')).text, series);

describe('the routes that call the language model and the vector index', () => {
  it('ask for a token, for a client that exists, and for a text', async () => {
    const asked = { clientId: CLIENT, text: PROMPT };
    await request(server.url).post('/analysis').send(asked).expect(401);
    await post('/analysis', { ...asked, clientId: '00000000-0000-4000-8000-000000000000' }).expect(404);
    await post('/analysis', { clientId: CLIENT }).expect(400);
    expect(model.calls[COMPLETIONS]).toBe(0);
    const { body } = await request(server.url).get('/api-docs/openapi.json').expect(200);
    expect(Object.keys(body.paths as object)).toEqual(expect.arrayContaining(['/analysis', '/search']));
  });

  it('answer, write down what was used, and ask the model once for the same text (EXT-05, API-08, MET-27, LOG-43, CCH-11)', async () => {
    const asked = { clientId: CLIENT, text: PROMPT };
    const first = await post('/analysis', asked).set('X-Correlation-ID', 'cor-language-1').expect(200);
    expect((await post('/analysis', asked).expect(200)).body).toEqual(first.body);
    expect(model.calls[COMPLETIONS]).toBe(1);
    const { rows } = await database.query(
      'SELECT model, operation, prompt_tokens, completion_tokens FROM llm_usage WHERE client_id = $1 ORDER BY id',
      [CLIENT],
    );
    expect(rows.map((row) => Object.values(row as object).join())).toEqual(['gpt-4o-mini,analysis,8,6']);
    expect(await metric(`llm_tokens_total{client_id="${CLIENT}",model="gpt-4o-mini",type="completion"}`)).toBe(6);
    expect(await metric('llm_request_duration_seconds_count{service="llm_service",operation="analysis"}')).toBe(1);
    const lines = server.output().split('\n');
    expect(lines.find((line) => line.includes('LLM usage'))).toContain('cor-language-1');
    // A summary, and neither prompt nor key (EXT-13, LOG-62).
    expect(server.output()).not.toMatch(/telephone|stand-in-key/);
  });

  it('find what the client has in the index and nothing of others, in bounded batches (EXT-09, MET-28, T-38)', async () => {
    const texts = Array.from({ length: 260 }, (_, number) => `answer ${String(number)}`);
    const vectors = texts.map((text, number) => ({
      id: `item-${String(number)}`,
      values: Array.from({ length: 8 }, (_, place) => (place === number % 8 ? 1 : 0)),
      metadata: { text, clientId: number < 250 ? CLIENT : 'another' },
    }));
    const headers = { 'Api-Key': 'pc', 'Content-Type': 'application/json' };
    await fetch(`${index.url}/vectors/upsert`, { method: 'POST', headers, body: JSON.stringify({ vectors }) });
    const { body } = await post('/search', { clientId: CLIENT, text: PROMPT, limit: 260 }).expect(200);
    const matches = body.matches as { metadata: { text: string } }[];
    expect(matches.map(({ metadata }) => metadata.text).sort()).toEqual(texts.slice(0, 250).sort());
    expect(index.calls['GET /vectors/fetch']).toBe(3);
    expect(await metric('vector_operation_duration_seconds_count{service="pinecone",operation="fetch"}')).toBe(3);
  });

  it('answer 503 with one text under load while the model fails, spare it, and recover by themselves (ERR-16, X-54, EXT-03, MET-29, MET-31)', async () => {
    const ask = (number: number) => post('/analysis', { clientId: CLIENT, text: `text ${String(number)}` });
    const asks = (): number => (model.calls[COMPLETIONS] ?? 0) + (model.calls['GET /v1/models'] ?? 0);
    const callsBefore = asks();
    model.behave({ mode: 'fail' });
    const failed = await Promise.all(Array.from({ length: 60 }, (_, number) => ask(number)));
    expect(new Set(failed.map(({ status, body }) => `${String(status)} ${String(body.error.message)}`))).toEqual(
      new Set(['503 LLM service unavailable']),
    );
    const attempts = asks() - callsBefore;
    // 60 calls, at most 50 of them at once, and no more retries than are in stock.
    expect(attempts).toBeLessThanOrEqual(80);
    expect(await metric('external_service_up{service="llm_service"}')).toBe(0);
    const errors = 'llm_errors_total{service="llm_service",code="ERR_SERVICE_FAILED"}';
    // The model is asked every now and then whether it is back: one such question may be under way.
    await expect.poll(async () => (await metric(errors)) === asks() - callsBefore, { timeout: 10_000 }).toBe(true);
    const refused = await metric('external_requests_refused_total{service="llm_service",code="ERR_SERVICE_OPEN"}');
    expect(refused).toBeGreaterThan(0);

    model.behave({ mode: 'ok' });
    await expect.poll(async () => (await ask(100)).status, { timeout: 20_000, interval: 200 }).toBe(200);
    const after = await Promise.all(Array.from({ length: 60 }, (_, number) => ask(number)));
    expect(new Set(after.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await metric('external_service_up{service="llm_service"}')).toBe(1);
  });
});
