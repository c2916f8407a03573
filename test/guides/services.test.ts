import { readFileSync } from 'node:fs';
import pg from 'pg';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createServiceClient, createUsageMeter, SERVICE_CLIENT_DEFAULTS } from 'express-runbook/services';
import { testDatabase } from '../support/postgres.js';
import { say, upstream } from '../services/upstream.js';
import { rowsOf, snippetsOf } from './snippets-of.js';

const PAGE = 'docs/guides/services.md';
const MIGRATIONS = ['20260105_094500_create_llm_usage', '20260105_110100_create_llm_budget_marks'];
const CLIENT = '00000000-0000-4000-8000-000000000001';

describe('the page about calling other services', () => {
  it('shows code that is compiled and run here, and no other', () => {
    const snippets = snippetsOf(PAGE, 'ts');
    expect(snippets.map(({ path }) => path)).toEqual(
      ['client', 'order', 'fallback', 'batches', 'usage'].map((name) => `test/guides/services/${name}.ts`),
    );
    for (const { code, source } of snippets) expect(code).toBe(source);
    const migrations = MIGRATIONS.map((name) =>
      readFileSync(new URL(`../../examples/reference-server/migrations/${name}.sql`, import.meta.url), 'utf8'),
    );
    expect(snippetsOf(PAGE, 'sql').map(({ code }) => code)).toEqual(migrations);
  });

  it('shows code that works', async () => {
    const stockService = await upstream((req, res) => {
      const answer = req.url?.startsWith('/items?') === true ? ['a', 'b'] : { left: 3 };
      say(200, answer)(req, res);
    });
    const model = await upstream(say(500));
    const other = await upstream(say(200, { text: 'so be it', usage: { prompt_tokens: 10, completion_tokens: 5 } }));
    const database = await testDatabase();
    Object.assign(process.env, {
      STOCK_URL: stockService.url,
      STOCK_TOKEN: 'k3y',
      LLM_URL: model.url,
      OTHER_LLM_URL: other.url,
      DATABASE_URL: database.url,
      LOG_LEVEL: 'fatal',
      LOG_REQUESTS: 'false',
    });
    const { app, stock } = await import('./services/client.js');
    const answer = await request(app).get('/stock/7').set('X-Correlation-ID', 'cor-7').expect(200);
    expect(answer.body).toEqual({ left: 3 });
    expect(stockService.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer k3y',
      'x-correlation-id': 'cor-7',
    });
    await (await import('./services/order.js')).reserve('1', 'a');
    expect(stockService.requests[1]?.headers['idempotency-key']).toBe('order-1');
    const { namesOf } = await import('./services/batches.js');
    expect(await namesOf(Array.from({ length: 150 }, (_, id) => String(id)))).toEqual(['a', 'b', 'a', 'b']);

    const { complete, meter, pool } = await import('./services/usage.js');
    await pool.query('CREATE TABLE clients (id UUID PRIMARY KEY)');
    await pool.query(snippetsOf(PAGE, 'sql')[0]?.code ?? '');
    await pool.query('INSERT INTO clients VALUES ($1)', [CLIENT]);
    expect(await complete(CLIENT, 'May I?')).toBe('so be it');
    expect(other.requests.map(({ url }) => url)).toEqual(['/v2/complete']);
    expect(await meter.month(CLIENT)).toMatchObject({ tokens: 15, reservedTokens: 0 });
    const monthly = /`(SELECT model, sum[^`]*)`/.exec(readFileSync(new URL(`../../${PAGE}`, import.meta.url), 'utf8'));
    const { rows } = await pool.query<{ model: string }>(monthly?.[1] ?? '');
    expect(rows.map((row) => row.model)).toEqual(['gpt-4o-mini']);
    await Promise.all([stock.close(), pool.end()]);
    await database.drop();
  });

  it('has every option with its default', () => {
    const rows = rowsOf(PAGE);
    const isValue = (value: unknown): boolean => typeof value === 'number' || typeof value === 'string';
    const defaults = Object.entries(SERVICE_CLIENT_DEFAULTS).filter(([, value]) => isValue(value));
    const spelled = (value: unknown): string => `\`${typeof value === 'string' ? `'${value}'` : String(value)}\``;
    expect(defaults.map(([name]) => [name, rows.get(name)?.[0]])).toEqual(
      defaults.map(([name, value]) => [name, spelled(value)]),
    );
  });

  it('has every metric, and none that there is not', async () => {
    const registry = new Registry();
    createServiceClient({ name: 'stock', baseUrl: 'http://127.0.0.1:9', registry });
    createUsageMeter({ pool: new pg.Pool(), registry });
    const known = (await registry.getMetricsAsJSON())
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('metric'));
    const shown = [...rowsOf(PAGE).keys()].filter((key) => /^(external|llm)_/.test(key));
    expect(shown.sort()).toEqual(known.sort());
  });
});
