import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createJobs, JOB_TYPE_DEFAULTS, JOBS_DEFAULTS } from 'express-runbook/jobs';
import { ROOT } from '../repo/source-files.js';
import { testPools } from '../support/pools.js';
import { rowsOf, snippetsOf } from './snippets-of.js';

const PAGE = 'docs/guides/jobs.md';
const pools = testPools();

describe('the page about jobs', () => {
  it('shows code that is compiled and run here, and no other', () => {
    const all = ['sql', 'js', 'ts'].flatMap((language) => snippetsOf(PAGE, language));
    const shown = all.filter(({ path }) => path !== undefined);
    expect(shown.map(({ path }) => path)).toEqual([
      'test/guides/jobs/table.sql',
      'test/guides/jobs/report.js',
      'test/guides/jobs/service.ts',
      'test/guides/jobs/thread.ts',
      'test/guides/jobs/outage.ts',
    ]);
    for (const { code, source } of shown) expect(code).toBe(source);
  });

  it('shows code that works, and SQL that brings dead letters back', async () => {
    const pool = pools.create();
    await pool.query(readFileSync(join(ROOT, 'test/guides/jobs/table.sql'), 'utf8'));
    Object.assign(process.env, { DATABASE_URL: pools.url, LOG_LEVEL: 'fatal', LOG_REQUESTS: 'false' });
    const { app, jobs, ops } = await import('./jobs/service.js');
    const stateOf = async (order: number): Promise<Record<string, unknown>> => {
      const { headers } = await request(app).post(`/orders/${order}/invoice`).expect(202);
      const look = async () => (await request(app).get(headers.location ?? '')).body as Record<string, unknown>;
      await expect.poll(async () => (await look()).status, { timeout: 20_000 }).toMatch(/completed|failed/);
      return look();
    };
    expect(await stateOf(7)).toMatchObject({ status: 'completed', result: { sent: 7 }, priority: 'high' });
    expect(await stateOf(0)).toMatchObject({ status: 'failed', error: 'there is no order 0', attempts: 1 });
    await jobs.close();
    const statements = snippetsOf(PAGE, 'sql').filter(({ path }) => path === undefined);
    const rows = await Promise.all(statements.map(({ code }) => pool.query(code)));
    expect(rows).toHaveLength(1);
    const { rows: pending } = await pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM jobs WHERE status = 'pending'`,
    );
    expect(pending).toEqual([{ count: 2 }]);
    await ops.shutdown.shutdown();
  });

  it('shows how jobs wait for a service that is down', async () => {
    const { model, summary } = await import('./jobs/outage.js');
    expect(summary.waitWhile?.()).toBe(false);
    model.isDown = true;
    expect(summary.waitWhile?.()).toBe(true);
    expect(() => createJobs({ pool: pools.create(), types: { summary } })).not.toThrow();
  });

  it('shows how work that keeps a processor busy goes on in a thread (JOB-09)', async () => {
    const { report } = await import('./jobs/thread.js');
    const run = { id: 'a', attempt: 1, signal: new AbortController().signal };
    expect(await report.run({ month: 'May' }, run)).toEqual({ month: 'May', attempt: 1, sum: 666666166 });
    expect(() => createJobs({ pool: pools.create(), types: { report } })).not.toThrow();
  });

  it('has every option with its default, and every metric', async () => {
    const rows = rowsOf(PAGE);
    const defaults = Object.entries({ ...JOBS_DEFAULTS, ...JOB_TYPE_DEFAULTS }).filter(([name]) => name !== 'logger');
    const spelled = (value: unknown): string => `\`${typeof value === 'string' ? `'${value}'` : String(value)}\``;
    expect(defaults.map(([name]) => [name, rows.get(name)?.[0]])).toEqual(
      defaults.map(([name, value]) => [name, spelled(value)]),
    );
    const registry = new Registry();
    createJobs({ pool: pools.create(), types: { one: { run: () => undefined } }, registry });
    const there = [...(await registry.metrics()).matchAll(/^# TYPE (jobs?_\w+)/gm)].map(([, name]) => name);
    const shown = [...rows.keys()].filter((key) => /^jobs?_/.test(key)).map((key) => key.replace(/\{.*/, ''));
    expect(shown.sort()).toEqual(there.sort());
  });
});
