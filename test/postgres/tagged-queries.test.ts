import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { getContext, runWithContext } from 'express-runbook';
import type { ObservedPool } from 'express-runbook/postgres';
import { testPools } from '../support/pools.js';
import { recordingLogger } from '../support/recording-logger.js';

const newPool = testPools().create;
const REQUEST = { requestId: 'r-1', correlationId: 'c-1' };

/** What the server says that this very query is. */
const OWN_QUERY = 'select query, application_name as name from pg_stat_activity where pid = pg_backend_pid()';
const own = async (on: Pick<ObservedPool, 'query'>): Promise<{ query: string; name: string }> =>
  (await on.query<{ query: string; name: string }>(OWN_QUERY)).rows[0]!;

describe('the id of the request as a comment', () => {
  it('stands behind the text on the server, in the sqlcommenter format', async () => {
    const pool = newPool({ context: getContext, tagQueries: 'comment' });
    const { query } = await runWithContext(REQUEST, () => own(pool));
    expect(query).toBe(`${OWN_QUERY} /*correlation_id='c-1',request_id='r-1'*/`);
    expect((await own(pool)).query).toBe(OWN_QUERY);
  });

  it('cannot end the comment or add to the statement', async () => {
    const pool = newPool({ context: getContext, tagQueries: 'comment' });
    const requestId = "*/; drop table users; --' \ud800(!)";
    const { query } = await runWithContext({ requestId }, () => own(pool));
    expect(query).toBe(`${OWN_QUERY} /*request_id='%2A%2F%3B%20drop%20table%20users%3B%20--%27%20%3F%28%21%29'*/`);
  });

  it('stays away from prepared statements, which go on working from one request to the next', async () => {
    const pool = newPool({ context: getContext, tagQueries: 'comment', max: 1 });
    const config = { name: 'own', text: OWN_QUERY, values: [] };
    for (const requestId of ['r-1', 'r-2']) {
      const { rows } = await runWithContext({ requestId }, () => pool.query<{ query: string }>(config));
      expect(rows[0]?.query).toBe(OWN_QUERY);
    }
    expect(config).toEqual({ name: 'own', text: OWN_QUERY, values: [] });
  });

  it('is added to no text that has a comment, and is not what is logged', async () => {
    const logger = recordingLogger();
    const pool = newPool({ context: getContext, tagQueries: 'comment', logger, logQueries: true });
    await runWithContext(REQUEST, async () => {
      const { rows } = await pool.query<{ query: string }>(`${OWN_QUERY} -- mine`);
      expect(rows[0]?.query).toBe(`${OWN_QUERY} -- mine`);
      const template = Object.create(
        { text: 'select $1::int as n' },
        { values: { value: [7], enumerable: true } },
      ) as pg.QueryConfig;
      expect((await pool.query(template)).rows).toEqual([{ n: 7 }]);
    });
    const texts = logger.lines.filter(({ message }) => message === 'Database query').map(({ fields }) => fields.text);
    expect(texts).toEqual([OWN_QUERY, 'select $1::int as n']);
  });
});

describe('the id of the request as application_name', () => {
  const options = { context: getContext, tagQueries: 'application-name', applicationName: 'shop' } as const;
  const nameOf = async (on: Pick<ObservedPool, 'query'>): Promise<string> => (await own(on)).name;

  it('is there for pool and client, each with its own request', async () => {
    const pool = newPool({ ...options, max: 2 });
    const asked = Array.from({ length: 6 }, (_, index) =>
      runWithContext({ requestId: `r-${index}` }, async () => {
        if (index % 2 === 0) return nameOf(pool);
        const client = await pool.connect();
        await client.query('begin');
        await client.query('select nothing').catch(() => undefined);
        await client.query('rollback');
        const name = await nameOf(client);
        client.release();
        return name;
      }),
    );
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 6 }, (_, index) => `shop:r-${index}`));
  });

  it('is gone when the connection lies idle, and for whoever asks outside of a request', async () => {
    const pool = newPool({ ...options, max: 1 });
    const observer = newPool({ applicationName: 'observer' });
    await runWithContext(REQUEST, () => nameOf(pool));
    const names = async (): Promise<unknown[]> =>
      (
        await observer.query({
          text: `select application_name from pg_stat_activity
                 where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
          rowMode: 'array',
        })
      ).rows;
    await expect.poll(names).toEqual([['shop']]);
    await runWithContext(REQUEST, () => nameOf(pool));
    expect(await nameOf(pool)).toBe('shop');
  });

  it('is whole within the 63 bytes that the server keeps, and is never SQL', async () => {
    const pool = newPool({ ...options, applicationName: 'a'.repeat(60) });
    const requestId = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
    const name = await runWithContext({ requestId }, () => nameOf(pool));
    expect(name).toHaveLength(63);
    expect(name.endsWith(`:${requestId}`)).toBe(true);
    const hostile = await runWithContext({ requestId: "x'; drop table users; -- é\n" }, () => nameOf(pool));
    expect(hostile.endsWith(":x'; drop table users; -- ??")).toBe(true);
  });

  it('works for every form of a query, in the order they were asked, without a warning of pg', async () => {
    const pool = newPool({ ...options, max: 1 });
    const warnings: string[] = [];
    const keep = (warning: Error): unknown => warnings.push(warning.message);
    process.on('warning', keep);
    for (let round = 0; round < 3; round++) {
      await runWithContext({ requestId: `r-${round}` }, async () => {
        const order: string[] = [];
        const client = await pool.connect();
        const callback = new Promise<void>((resolve) => {
          client.query('select 1', () => {
            order.push('callback');
            resolve();
          });
        });
        await callback;
        const reader = client.query(new pg.Query('select 2'));
        await new Promise((resolve) => reader.on('end', resolve));
        order.push('reader');
        await client.query({ name: 'three', text: 'select 3' }).then(() => order.push('promise'));
        expect(await nameOf(client as unknown as ObservedPool)).toBe(`shop:r-${round}`);
        client.release();
        expect(order).toEqual(['callback', 'reader', 'promise']);
        await Promise.all([pool.query('select 1'), pool.query('select 2'), pool.query('select 3')]);
      });
    }
    process.off('warning', keep);
    expect(warnings).toEqual([]);
  });
});
