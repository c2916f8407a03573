import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPage, type ObservedPool, type Page, type PageOptions } from 'express-runbook/postgres';
import { testPools } from '../support/pools.js';

interface Event {
  id: string;
  kind: string;
  happenedAt: Date;
}

const newPool = testPools().create;
const ROWS = 57;
const TEXT = 'select id, kind, happened_at as "happenedAt" from events';
const ORDERS: [name: string, orderBy: PageOptions['orderBy'], sql: string][] = [
  ['its key', ['id'], 'id'],
  [
    'time, newest first',
    [
      { column: 'happenedAt', direction: 'desc' },
      { column: 'id', direction: 'desc' },
    ],
    'happened_at desc, id desc',
  ],
  ['mixed directions', ['kind', { column: 'happenedAt', direction: 'desc' }, 'id'], 'kind, happened_at desc, id'],
];

beforeAll(async () => {
  const pool = newPool();
  await pool.query(`create table events (id bigint primary key, kind text not null, happened_at timestamptz not null)`);
  // Several in the same moment, and moments that differ by a microsecond.
  await pool.query(
    `insert into events select n + 9007199254740993, (array['b', 'ä', 'A'])[n % 3 + 1],
       '2026-01-01'::timestamptz + (n / 4) * interval '1 microsecond' from generate_series(1, ${ROWS}) n`,
  );
});

async function walk(pool: ObservedPool, options: Omit<PageOptions, 'text'>): Promise<Event[]> {
  const seen: Event[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<Event> = await findPage<Event>(pool, {
      text: TEXT,
      ...options,
      ...(cursor === undefined ? {} : { cursor }),
    });
    expect(page.hasNext).toBe(page.nextCursor !== null);
    seen.push(...page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return seen;
}

describe('findPage', () => {
  it.each(ORDERS)(
    'walks a list by %s, each row once, whatever the size of the page (DB-12, X-49)',
    async (_n, orderBy, sql) => {
      const pool = newPool();
      const all = (await pool.query<{ id: string }>(`select id from events order by ${sql}`)).rows.map(({ id }) => id);
      for (const limit of [1, 7, ROWS - 1, ROWS, 100]) {
        expect(
          (await walk(pool, { orderBy, limit })).map(({ id }) => id),
          `limit ${limit}`,
        ).toEqual(all);
      }
    },
  );

  it('gives the rows as the query has them', async () => {
    const { data } = await findPage<Event>(newPool(), { text: TEXT, orderBy: ['id'], limit: 1 });
    expect(data).toEqual([{ id: '9007199254740994', kind: 'ä', happenedAt: new Date('2026-01-01') }]);
  });

  it('goes on where it was when rows come and go in between', async () => {
    const pool = newPool();
    await pool.query('create table queue as select n as id from generate_series(10, 50, 10) n');
    const first = await findPage<{ id: number }>(pool, { text: 'select * from queue', orderBy: ['id'], limit: 2 });
    await pool.query('delete from queue where id in (10, 20); insert into queue values (5), (25)');
    const cursor = first.nextCursor!;
    const second = await findPage<{ id: number }>(pool, {
      text: 'select * from queue',
      orderBy: ['id'],
      limit: 2,
      cursor,
    });
    expect([first.data, second.data].map((rows) => rows.map(({ id }) => id))).toEqual([
      [10, 20],
      [25, 30],
    ]);
  });

  it('skips by offset, and tells the total on request, also past the end (DB-12)', async () => {
    const pool = newPool();
    const all = await walk(pool, { orderBy: ['id'] });
    const list = { text: TEXT, orderBy: ['id'], limit: 10, withTotal: true };
    expect(await findPage(pool, { ...list, offset: 50 })).toEqual({
      data: all.slice(50),
      nextCursor: null,
      hasNext: false,
      total: ROWS,
    });
    expect(await findPage(pool, { ...list, offset: 500 })).toEqual({
      data: [],
      nextCursor: null,
      hasNext: false,
      total: ROWS,
    });
    const { nextCursor } = await findPage(pool, { ...list, offset: 5 });
    const next = await findPage<Event>(pool, { ...list, cursor: nextCursor! });
    expect(next.data).toEqual(all.slice(15, 25));
  });

  it('has parameters of its own beside the caller’s, and a text that ends with a comment', async () => {
    const text = `${TEXT} where kind = $1 and id > $2 -- by kind`;
    const pool = newPool();
    const options = { text, values: ['b', 0], orderBy: ['id'], limit: 4, withTotal: true };
    const first = await findPage<Event>(pool, options);
    const second = await findPage<Event>(pool, { ...options, cursor: first.nextCursor! });
    expect(new Set([...first.data, ...second.data].map(({ kind }) => kind))).toEqual(new Set(['b']));
    expect(first.total).toBe(ROWS / 3);
    expect(options.values).toEqual(['b', 0]);
  });

  it('is served by an index, not by reading what comes before', async () => {
    const pool = newPool();
    await pool.query(
      'create table many as select n as id from generate_series(1, 20000) n; create unique index on many (id)',
    );
    await pool.query('analyze many');
    const list = { text: 'select id as "theId" from many', orderBy: ['theId'], limit: 5 };
    const { nextCursor } = await findPage(pool, { ...list, offset: 15_000 });
    const texts: string[] = [];
    pool.on('query', ({ text }) => texts.push(text));
    await findPage(pool, { ...list, cursor: nextCursor! });
    const { rows } = await pool.query({ text: `explain analyze ${texts[0]}`, values: ['15005', 6], rowMode: 'array' });
    const plan = rows.flat().join('\n');
    expect(plan).toMatch(/Index Cond/);
    expect(plan).not.toMatch(/Seq Scan|Sort|Removed by Filter/);
  });
});

describe('a page that cannot be', () => {
  const list = { text: TEXT, orderBy: ['id'] };
  const forged = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

  it.each([
    ['limit', 0, 'ERR_PAGE_LIMIT'],
    ['limit', 101, 'ERR_PAGE_LIMIT'],
    ['limit', 1.5, 'ERR_PAGE_LIMIT'],
    ['limit', '5; drop table events', 'ERR_PAGE_LIMIT'],
    ['limit', NaN, 'ERR_PAGE_LIMIT'],
    ['offset', -1, 'ERR_PAGE_OFFSET'],
    ['offset', 2 ** 31, 'ERR_PAGE_OFFSET'],
    ['cursor', '', 'ERR_PAGE_CURSOR'],
    ['cursor', '15', 'ERR_PAGE_CURSOR'],
    ['cursor', "1' or '1'='1", 'ERR_PAGE_CURSOR'],
    ['cursor', 'x'.repeat(100_000), 'ERR_PAGE_CURSOR'],
    ['cursor', forged({ id: 1 }), 'ERR_PAGE_CURSOR'],
    ['cursor', ['a'], 'ERR_PAGE_CURSOR'],
  ])('is refused with 400: %s %j', async (name, value, code) => {
    const page = findPage(newPool(), { ...list, [name]: value });
    await expect(page).rejects.toMatchObject({ code, statusCode: 400, isOperational: true });
  });

  it('is refused with a cursor and an offset at once, and with the cursor of another order', async () => {
    const pool = newPool();
    const { nextCursor } = await findPage(pool, { ...list, limit: 1 });
    const cursor = nextCursor!;
    await expect(findPage(pool, { ...list, cursor, offset: 1 })).rejects.toMatchObject({ code: 'ERR_PAGE_OFFSET' });
    const otherOrder = { ...list, orderBy: [{ column: 'id', direction: 'desc' as const }], cursor };
    await expect(findPage(pool, otherOrder)).rejects.toMatchObject({ code: 'ERR_PAGE_CURSOR' });
  });

  it('cannot be made into SQL: whatever stands in a cursor is a value (S30)', async () => {
    const pool = newPool();
    const { nextCursor } = await findPage(pool, { ...list, limit: 1 });
    const [mark] = JSON.parse(Buffer.from(nextCursor!, 'base64url').toString()) as [string];
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom("1'); drop table events; --", '0) or (1=1', '$1', '1e400', '\u0000', '9'.repeat(400)),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (value) => {
        const page = findPage(pool, { ...list, cursor: forged([mark, value]) });
        const outcome = await page.then(
          () => 'a page',
          (error: unknown) => (error as { code?: string }).code,
        );
        expect(['a page', 'ERR_PAGE_CURSOR']).toContain(outcome);
      }),
      { numRuns: 40 },
    );
    expect((await pool.query('select count(*)::int as n from events')).rows).toEqual([{ n: ROWS }]);
  });

  it('by the program’s own mistake is a ConfigError with the cure', async () => {
    const pool = newPool();
    const wrong = (options: object): Promise<unknown> => findPage(pool, { ...list, ...options });
    await expect(wrong({ orderBy: [] })).rejects.toMatchObject({ code: 'ERR_OPTION_REQUIRED' });
    await expect(wrong({ orderBy: [{ column: 'id', direction: 'sideways' }] })).rejects.toMatchObject({
      code: 'ERR_OPTION_INVALID',
    });
    await expect(wrong({ text: 'select 1;' })).rejects.toThrow(/without a semicolon/);
    await expect(wrong({ limmit: 5 })).rejects.toThrow(/did you mean limit/);
    await expect(wrong({ orderBy: ['id"; drop table events; --'] })).rejects.toMatchObject({ code: '42703' });
    const text = 'select id, nullif(kind, kind) as kind from events';
    await expect(wrong({ text, orderBy: ['kind', 'id'], limit: 1 })).rejects.toThrow(/never null, but kind is/);
  });
});
