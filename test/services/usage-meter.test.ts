import { readFile } from 'node:fs/promises';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPool, type ObservedPool } from 'express-runbook/postgres';
import { createUsageMeter, type BudgetEvent, type QuotaEvent, type UsageMeterOptions } from 'express-runbook/services';
import { testDatabase } from '../support/postgres.js';
import { recordingLogger } from '../support/recording-logger.js';

const CLIENT = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
const MIGRATIONS = ['20260105_094500_create_llm_usage', '20260105_110100_create_llm_budget_marks'];
const NOVEMBER = Date.UTC(2026, 10, 22, 12);

let pool: ObservedPool;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await testDatabase();
  drop = () => database.drop();
  pool = createPool({ connectionString: database.url, max: 10 });
  await pool.query('CREATE TABLE clients (id UUID PRIMARY KEY)');
  for (const name of MIGRATIONS) {
    const path = `../../examples/reference-server/migrations/${name}.sql`;
    await pool.query(await readFile(new URL(path, import.meta.url), 'utf8'));
  }
  await pool.query('INSERT INTO clients VALUES ($1), ($2)', [CLIENT, OTHER]);
});
beforeEach(() => pool.query('TRUNCATE llm_usage, llm_usage_months, llm_budget_marks'));
afterAll(async () => {
  await pool.close();
  await drop();
});

function meterOf(options: Partial<UsageMeterOptions> = {}) {
  const events: QuotaEvent[] = [];
  const logger = recordingLogger();
  const registry = new Registry();
  const onQuota = (event: QuotaEvent): void => void events.push(event);
  const meter = createUsageMeter({ pool, logger, registry, onQuota, now: () => NOVEMBER, ...options });
  return { meter, events, logger, registry };
}

const used = (promptTokens: number, completionTokens = 0, clientId = CLIENT) => ({
  clientId,
  model: 'gpt-4o',
  promptTokens,
  completionTokens,
});

describe('the usage meter', () => {
  it('writes a row, counts tokens and cost, and says so in one line (EXT-05, MET-27, LOG-43)', async () => {
    const prices = { 'gpt-4o': { promptUsd: 2.5, completionUsd: 10 } };
    const { meter, logger, registry } = meterOf({ prices, maxClients: 2 });
    await meter.record({ ...used(10, 5), operation: 'analysis' });
    await meter.record({ ...used(1, 1, OTHER), model: 'unknown' });
    const { rows } = await pool.query('SELECT client_id, model, operation, cost_usd FROM llm_usage ORDER BY id');
    expect(rows).toEqual([
      { client_id: CLIENT, model: 'gpt-4o', operation: 'analysis', cost_usd: '0.00007500' },
      { client_id: OTHER, model: 'unknown', operation: null, cost_usd: null },
    ]);
    const text = await registry.metrics();
    const labels = `client_id="${CLIENT}",model="gpt-4o"`;
    expect(text).toContain(`llm_tokens_total{${labels},type="prompt"} 10`);
    expect(text).toContain(`llm_tokens_total{${labels},type="completion"} 5`);
    expect(text).toContain(`llm_cost_usd_total{${labels}} 0.000075`);
    expect(text).not.toContain(`llm_cost_usd_total{client_id="${OTHER}"`);
    expect(logger.lines[0]).toMatchObject({
      level: 'info',
      message: 'LLM usage',
      fields: { clientId: CLIENT, model: 'gpt-4o', promptTokens: 10, completionTokens: 5, totalTokens: 15 },
    });
  });

  it('tells clients apart in metrics only when asked to, and only so many (X-57, MET-27)', async () => {
    const plain = meterOf();
    await plain.meter.record(used(10, 5));
    await plain.meter.record(used(1, 0, OTHER));
    expect(await plain.registry.metrics()).toContain('llm_tokens_total{model="gpt-4o",type="prompt"} 11');
    const { meter, registry } = meterOf({ maxClients: 1 });
    await meter.record(used(10, 5));
    await meter.record(used(1, 0, OTHER));
    const text = await registry.metrics();
    expect(text).toContain(`llm_tokens_total{client_id="${CLIENT}",model="gpt-4o",type="prompt"} 10`);
    expect(text).toContain('llm_tokens_total{client_id="__other__",model="gpt-4o",type="prompt"} 1');
  });

  it('tells once, of all processes together, at 80 % and at the end of what all clients may cost in a month (EXT-06, ALR-13)', async () => {
    const told: BudgetEvent[] = [];
    const budget = {
      prices: { 'gpt-4o': { promptUsd: 1, completionUsd: 1 } },
      monthlyBudgetUsd: 10,
      onBudget: (event: BudgetEvent): void => void told.push(event),
    };
    const [one, other] = [meterOf(budget), meterOf(budget)];
    const spend = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, index) =>
          index % 2 === 0 ? one.meter.record(used(100_000)) : other.meter.record(used(100_000, 0, OTHER)),
        ),
      );
    await spend(78);
    await one.meter.record(used(100_000));
    expect(told).toEqual([]);
    await spend(50);
    expect(told.map(({ kind }) => kind).sort()).toEqual(['exceeded', 'warning']);
    for (const { kind, costUsd, ...rest } of told) {
      expect(costUsd).toBeGreaterThanOrEqual(kind === 'warning' ? 8 : 10);
      expect(rest).toEqual({ month: '2026-11-01', budgetUsd: 10 });
    }
    const lines = [...one.logger.lines, ...other.logger.lines].filter(({ message }) =>
      message.startsWith('LLM budget'),
    );
    expect(lines.map(({ level, message }) => `${level} ${message}`).sort()).toEqual([
      'error LLM budget is used up',
      'warn LLM budget is nearly used up',
    ]);
  });

  it('is exact under 100 calls at once, and warns once at 80 % and once at the end of the quota (EXT-06, ALR-13)', async () => {
    const { meter, events } = meterOf({ monthlyTokens: 1000 });
    await Promise.all(Array.from({ length: 79 }, () => meter.record(used(7, 3))));
    expect(events).toEqual([]);
    await Promise.all(Array.from({ length: 100 }, () => meter.record(used(7, 3))));
    expect(await meter.month(CLIENT)).toEqual({ tokens: 1790, reservedTokens: 0, costUsd: 0, quotaTokens: 1000 });
    const month = '2026-11-01';
    expect(events.toSorted((one, other) => one.tokens - other.tokens)).toEqual([
      { kind: 'warning', clientId: CLIENT, month, tokens: 800, quotaTokens: 1000 },
      { kind: 'exceeded', clientId: CLIENT, month, tokens: 1000, quotaTokens: 1000 },
    ]);
  });

  it('shows what a client has used of its quota, and nothing of a month that is over (ALR-13)', async () => {
    let now = NOVEMBER;
    const { meter, registry } = meterOf({ monthlyTokens: 1000, maxClients: 10, now: () => now });
    const shown = async (): Promise<string[]> =>
      (await registry.metrics()).split('\n').filter((line) => line.startsWith('llm_quota_used_ratio'));
    await meter.record(used(700, 90));
    expect(await shown()).toEqual([`llm_quota_used_ratio{client_id="${CLIENT}"} 0.79`]);
    await Promise.all(Array.from({ length: 20 }, () => meter.record(used(1))));
    expect(await shown()).toEqual([`llm_quota_used_ratio{client_id="${CLIENT}"} 0.81`]);
    now = Date.UTC(2026, 11, 1);
    expect(await shown()).toEqual([]);
    await meter.record(used(100));
    expect(await shown()).toEqual([`llm_quota_used_ratio{client_id="${CLIENT}"} 0.1`]);
  });

  it('shows the client who has used most where clients have no label of their own (ALR-13, X-57)', async () => {
    const { meter, registry } = meterOf({ monthlyTokens: 1000 });
    await meter.record(used(100));
    await meter.record(used(300, 0, OTHER));
    await meter.record(used(50));
    expect(await registry.metrics()).toMatch(/^llm_quota_used_ratio 0\.3$/m);
  });

  it('never lets parallel calls use more than the quota, of one client and no other', async () => {
    const { meter } = meterOf({ monthlyTokens: (clientId) => (clientId === CLIENT ? 1000 : undefined) });
    let made = 0;
    const call = (clientId: string) =>
      meter.metered({ clientId, model: 'gpt-4o', maxTokens: 100 }, () => {
        made++;
        return Promise.resolve({ value: 'text', usage: { promptTokens: 60, completionTokens: 40 } });
      });
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => call(CLIENT)));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect([made, refused.length]).toEqual([10, 90]);
    expect(refused[0]).toMatchObject({ reason: { statusCode: 429, code: 'ERR_USAGE_QUOTA', expose: true } });
    expect(refused[0]).toMatchObject({ reason: { headers: { 'Retry-After': String(8.5 * 24 * 3600) } } });
    expect(await meter.month(CLIENT)).toMatchObject({ tokens: 1000, reservedTokens: 0 });
    expect(await call(OTHER)).toBe('text');
  });

  it('gives back what a call did not use, and all of it when the call failed', async () => {
    const { meter } = meterOf({ monthlyTokens: 1000 });
    const call = { clientId: CLIENT, model: 'gpt-4o', maxTokens: 900 };
    const failing = meter.metered(call, () => Promise.reject(new Error('away')));
    await expect(failing).rejects.toThrow('away');
    const usage = { promptTokens: 50, completionTokens: 25 };
    await meter.metered(call, async () => {
      expect(await meter.month(CLIENT)).toMatchObject({ tokens: 0, reservedTokens: 900 });
      return { value: undefined, usage };
    });
    expect(await meter.month(CLIENT)).toMatchObject({ tokens: 75, reservedTokens: 0 });
  });

  it('gives the answer that was paid for when it cannot be written down, and tells (policy of an outage)', async () => {
    const broken = { query: () => Promise.reject(new Error('the database is away')) };
    const { meter, logger, registry } = meterOf({ pool: broken });
    const usage = { promptTokens: 1, completionTokens: 2 };
    const call = { clientId: CLIENT, model: 'gpt-4o', maxTokens: 10 };
    expect(await meter.metered(call, () => Promise.resolve({ value: 'text', usage }))).toBe('text');
    expect(logger.lines.at(-1)).toMatchObject({ level: 'error', message: 'LLM usage could not be written' });
    expect(await registry.metrics()).toContain('type="completion"} 2');
  });

  it('begins anew with the month, and an onQuota that fails harms nobody', async () => {
    let now = NOVEMBER;
    const onQuota = () => Promise.reject(new Error('no mail server'));
    const { meter, logger } = meterOf({ monthlyTokens: 100, onQuota, now: () => now });
    await meter.record(used(100));
    await expect.poll(() => logger.lines.map(({ message }) => message)).toContain('onQuota failed');
    now = Date.UTC(2026, 11, 1);
    expect(await meter.month(CLIENT)).toMatchObject({ tokens: 0 });
    await meter.record(used(5));
    expect(await meter.month(CLIENT)).toMatchObject({ tokens: 5 });
  });

  it('refuses tokens that are none; of an answer that says so nothing stays held back', async () => {
    const { meter, logger } = meterOf({ monthlyTokens: 1000 });
    const usage = { promptTokens: 1.5, completionTokens: 0 };
    const call = { clientId: CLIENT, model: 'gpt-4o', maxTokens: 900 };
    expect(await meter.metered(call, () => Promise.resolve({ value: 'text', usage }))).toBe('text');
    expect(await meter.month(CLIENT)).toMatchObject({ tokens: 0, reservedTokens: 0 });
    expect(logger.lines.map(({ message }) => message)).toEqual(['LLM usage could not be written']);
    await expect(meter.record(used(-1))).rejects.toThrow(/whole numbers of tokens/);
    await expect(meter.record(used(Number.NaN))).rejects.toThrow(/whole numbers of tokens/);
  });
});
