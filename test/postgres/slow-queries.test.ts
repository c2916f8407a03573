import express, { type ErrorRequestHandler } from 'express';
import request from 'supertest';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createLogger, errorHandler } from 'express-runbook';
import { findPage, withTransaction } from 'express-runbook/postgres';
import { testPools } from '../support/pools.js';
import { recordingLogger } from '../support/recording-logger.js';

const newPool = testPools().create;
const SLOW = 'Slow database query detected';
const SUPPRESSED = 'Slow database queries suppressed';

describe('the slow-query log', () => {
  it('has one line per text and window, and says how many more there were (LOG-31, S30)', async () => {
    const logger = recordingLogger();
    const registry = new Registry();
    const pool = newPool({ logger, registry, slowQueryThresholdMs: 0, slowQueryWindowMs: 300 });
    const of = (wanted: string): unknown[] => logger.lines.filter(({ message }) => message === wanted);
    // One text, whatever its values and however many there are.
    for (let n = 1; n <= 5; n++) await pool.query(`select ${n} in (${Array(n).fill(1).join(', ')}) as found`);
    await pool.query('select 1 as other');
    expect(of(SLOW)).toMatchObject([
      { fields: { query: 'select ? in (…) as found' } },
      { fields: { query: 'select ? as other' } },
    ]);
    await expect
      .poll(() => of(SUPPRESSED))
      .toMatchObject([
        { level: 'warn', fields: { query: 'select ? in (…) as found', suppressed: 4, windowMs: 300, pool: 'default' } },
      ]);
    await pool.query('select 1 in (2) as found');
    expect(of(SLOW)).toHaveLength(3);
    expect(await registry.metrics()).toContain('db_slow_queries_total{pool="default"} 7');
  });

  it('says what is still unsaid when the pool ends, by close or end', async () => {
    for (const verb of ['close', 'end'] as const) {
      const logger = recordingLogger();
      const pool = newPool({ logger, slowQueryThresholdMs: 0 });
      await pool.query('select 1');
      await pool.query('select 2');
      await pool[verb]();
      await expect.poll(() => logger.lines.map(({ message }) => message)).toContain(SUPPRESSED);
    }
  });

  it('stays bounded when every text is another', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger, slowQueryThresholdMs: 0 });
    for (let n = 0; n < 260; n++) await pool.query(`select 1 as column_${n}`);
    expect(logger.lines.filter(({ message }) => message === SLOW)).toHaveLength(201);
    await pool.close();
    expect(logger.lines.find(({ message }) => message === SUPPRESSED)?.fields).toMatchObject({
      query: '(other queries)',
      suppressed: 59,
    });
  });

  it('has a line for each when no window is wished for', async () => {
    const logger = recordingLogger();
    const pool = newPool({ logger, slowQueryThresholdMs: 0, slowQueryWindowMs: 0 });
    for (let n = 0; n < 3; n++) await pool.query('select 1');
    expect(logger.lines.filter(({ message }) => message === SLOW)).toHaveLength(3);
  });
});

describe('the values of a query', () => {
  const CANARY = 'canary-4711@example.com';

  it('are in no sink: log, metrics, events, warnings, answers of the service (LOG-31, X-28, S30)', async () => {
    const written: string[] = [];
    const logger = createLogger({
      level: 'debug',
      format: 'json',
      stdout: { write: (text: string) => written.push(text) },
    });
    const registry = new Registry();
    const pool = newPool({ logger, registry, slowQueryThresholdMs: 0, slowQueryWindowMs: 0, logQueries: true });
    const seen: unknown[] = [];
    // A listener is given the program's own text; what the program wrote into it is the listener's to hide.
    pool.on('query', ({ text, ...rest }) => seen.push(text.includes("'") ? rest : { text, ...rest }));
    const warn = (warning: Error): unknown => seen.push(warning.message);
    process.on('warning', warn);
    await pool.query('create table people (email text primary key, age int)');

    const app = express();
    const queries: Record<string, () => Promise<unknown>> = {
      parameter: () => pool.query('select $1::text', [CANARY]),
      literal: () => pool.query(`select '${CANARY}' /* /* ${CANARY} */ ${CANARY} */ as x -- ${CANARY}`),
      prepared: () => pool.query({ name: 'find-person', text: 'select $1::text', values: [CANARY] }),
      duplicate: async () => {
        await pool.query('insert into people values ($1, 1)', [CANARY]);
        await pool.query('insert into people values ($1, 1)', [CANARY]);
      },
      unreadable: () => pool.query('select $1::int', [CANARY]),
      syntax: () => pool.query(`select '${CANARY}' from from`),
      transaction: () =>
        withTransaction(pool, async (client) => {
          await client.query('insert into people values ($1, $2)', [CANARY, CANARY]);
        }),
      page: () =>
        findPage(pool, {
          text: 'select * from people where email = $1',
          values: [CANARY],
          orderBy: ['email'],
          limit: 1,
        }),
      cursor: () => findPage(pool, { text: 'select * from people', orderBy: ['email'], cursor: CANARY }),
    };
    app.get('/:query', async (req, res) => {
      await queries[req.params.query]!();
      res.json({ ok: true });
    });
    app.use(errorHandler({ logger }) as ErrorRequestHandler);
    const answers: string[] = [];
    for (const name of Object.keys(queries)) answers.push((await request(app).get(`/${name}`)).text);
    process.off('warning', warn);

    const sinks = {
      log: written.join(''),
      metrics: await registry.metrics(),
      seen: JSON.stringify(seen),
      answers: answers.join('\n'),
    };
    expect(sinks.log).toContain(SLOW);
    for (const [sink, text] of Object.entries(sinks)) {
      expect(text, sink).not.toMatch(/canary|\b4711\b/);
    }
  });
});
