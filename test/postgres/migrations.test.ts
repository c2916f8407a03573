import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createMigrator,
  createPool,
  type Migrator,
  type MigratorOptions,
  type ObservedPool,
} from 'express-runbook/postgres';
import { recordingLogger } from '../support/recording-logger.js';
import { testDatabase } from '../support/postgres.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
let pool: ObservedPool;
let dir: string;

beforeEach(async () => {
  database = await testDatabase();
  pool = createPool({ connectionString: database.url });
  dir = await mkdtemp(join(tmpdir(), 'migrations-'));
});
afterEach(async () => {
  await pool.close({ timeoutMs: 0 });
  await Promise.all([database.drop(), rm(dir, { recursive: true })]);
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, sql] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), sql);
  }
}

const migrator = (options: Partial<MigratorOptions> = {}): Migrator => createMigrator({ pool, dir, ...options });

async function tables(): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** What the database says after a run that fails with this message. */
async function failed(query: string, message: string): Promise<{ rows: unknown[] }> {
  await expect(migrator().run()).rejects.toThrow(message);
  return pool.query(query);
}

const states = async (): Promise<unknown[]> => (await migrator().status()).map(({ name, state }) => [name, state]);

describe('run', () => {
  it('applies what is pending, in the order of the ids, and nothing twice (MIG-03, MIG-04)', async () => {
    await write({
      '20250115_093000_third.sql': 'create table c (n int)',
      '20250115_add_jobs_table.sql': 'create table a (n int)',
      '20250115_001.sql': 'create table b (n int)',
      '9_first.sql': '-- CRLF\r\nselect 1;\r\n',
      'README.md': 'not a migration',
    });
    const logger = recordingLogger();
    const inOrder = ['9_first', '20250115_add_jobs_table', '20250115_001', '20250115_093000_third'];
    expect(await migrator({ logger }).run()).toEqual(inOrder);
    expect(logger.lines.map(({ message, fields }) => [message, fields.migration])).toEqual(
      inOrder.map((name) => ['Database migration applied', name]),
    );
    expect(await tables()).toEqual(['a', 'b', 'c', 'schema_migrations']);
    expect(await migrator().run()).toEqual([]);
  });

  it('works from a connection string and with a table of another name', async () => {
    await write({ '1_a.sql': 'create table a (n int)' });
    const other = createMigrator({ connectionString: database.url, dir, table: 'public.history' });
    expect(await other.run()).toEqual(['1_a']);
    expect(await tables()).toEqual(['a', 'history']);
  });

  it('applies each migration once when five processes start at the same time on an empty database (MIG-11)', async () => {
    await write({
      '1_a.sql': 'create table a (n int); insert into a values (1); select pg_sleep(0.1)',
      '2_index.sql': '-- no-transaction\ncreate index concurrently a_n on a (n)',
      '3_b.sql': 'insert into a values (2)',
    });
    const pools = Array.from({ length: 5 }, () => createPool({ connectionString: database.url }));
    const runs = await Promise.all(pools.map((one) => createMigrator({ pool: one, dir }).run()));
    await Promise.all(pools.map((one) => one.close()));
    expect(runs.filter((names) => names.length > 0)).toEqual([['1_a', '2_index', '3_b']]);
    expect((await pool.query('select n from a order by n')).rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('leaves nothing of a migration that fails, and says file, line and reason (S48)', async () => {
    await write({
      '1_a.sql': 'create table a (n int)',
      '2_b.sql': 'create table b (n int);\n\ninsert into nowhere values (1);',
      '3_c.sql': 'create table c (n int)',
    });
    await expect(migrator().run()).rejects.toMatchObject({
      code: 'ERR_MIGRATION_FAILED',
      message: expect.stringMatching(/2_b\.sql:3 failed: relation "nowhere" does not exist/) as string,
      cause: { code: '42P01' },
    });
    expect(await tables()).toEqual(['a', 'schema_migrations']);
    expect(await states()).toEqual([
      ['1_a', 'applied'],
      ['2_b', 'pending'],
      ['3_c', 'pending'],
    ]);
  });

  it('runs a file with its own BEGIN and COMMIT as it is (MIG-05)', async () => {
    await write({
      '1_own.sql': '-- setup\nBEGIN;\ncreate table a (n int);\nCOMMIT;\n',
      '2_fails.sql': 'begin; create table b (n int); select nothing; commit;',
    });
    const logger = recordingLogger();
    await expect(migrator({ logger }).run()).rejects.toMatchObject({ cause: { code: '42703' } });
    // Postgres warns of a transaction inside of another.
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    expect(await tables()).toEqual(['a', 'schema_migrations']);
    expect(await states()).toEqual([
      ['1_own', 'applied'],
      ['2_fails', 'pending'],
    ]);
  });

  it.each([
    ['1_open.sql', 'begin; create table a (n int);'],
    ['1_open.sql', '-- no-transaction\nbegin;\ncreate table a (n int);'],
    ['1_open.sql', 'begin; commit; start transaction; create table a (n int);'],
  ])('refuses %s that leaves its transaction open, and keeps nothing of it: %j (MIG-05)', async (name, sql) => {
    await write({ [name]: sql });
    await expect(migrator().run()).rejects.toMatchObject({
      code: 'ERR_MIGRATION_FAILED',
      message: expect.stringMatching(/1_open\.sql leaves its transaction open.*COMMIT/) as string,
    });
    expect(await tables()).toEqual(['schema_migrations']);
    expect(await states()).toEqual([['1_open', 'pending']]);
  });

  it('does not take the semicolons and the END of an SQL function body for those of the file', async () => {
    const body = `begin atomic
      select case when n > 1 then 2 else 3 end from (values (1)) as v (n);
      select 4; -- end;
    end;`;
    await write({
      '1_function.sql': `create function one() returns int language sql ${body} select nothing;`,
      '2_next.sql': 'select 1',
    });
    const { rows } = await failed(`select 1 from pg_proc where proname = 'one'`, '"nothing" does not exist');
    expect(rows).toEqual([]);
    await write({
      '1_function.sql': `-- no-transaction\ncreate function one() returns int language sql ${body}\nselect one();`,
    });
    expect(await migrator().run()).toEqual(['1_function', '2_next']);
    expect((await pool.query('select one()')).rows).toEqual([{ one: 4 }]);
  });

  it.each([
    ['in a comment inside of a comment', '/* /* */ commit; */ create table a (n int);'],
    ['between dollar tags of another case', 'create table a (n int); do $A$ begin perform $a$; commit; $a$; end $A$;'],
  ])('does not take a COMMIT %s for one', async (_where, sql) => {
    await write({ '1_a.sql': `${sql} select nothing;` });
    expect((await failed(`select to_regclass('a') as a`, '"nothing" does not exist')).rows).toEqual([{ a: null }]);
  });

  it('does not take the BEGIN of a function body for a transaction', async () => {
    await write({
      '1_function.sql': `
        create function one() returns int language plpgsql as $$ begin return 1; end; $$;
        comment on function one() is 'begin; commit;';
        select nothing;`,
    });
    await expect(migrator().run()).rejects.toThrow('"nothing" does not exist');
    const { rows } = await pool.query(`select 1 from pg_proc where proname = 'one'`);
    expect(rows).toEqual([]);
  });

  it('runs what cannot run in a transaction when the file says so (MIG-06)', async () => {
    await write({
      '1_a.sql': 'create table a (n int)',
      '2_index.sql': `-- Adds an index without blocking writers.\n-- no-transaction
        create index concurrently a_n on a (n); -- ; not an end
        comment on index a_n is 'semicolon; quoted';`,
    });
    expect(await migrator().run()).toEqual(['1_a', '2_index']);
    const { rows } = await pool.query(`select obj_description('a_n'::regclass) as comment`);
    expect(rows).toEqual([{ comment: 'semicolon; quoted' }]);
  });

  it('is not cut by the statement time-out of the pool or of the database (MIG-16, DB-05)', async () => {
    await pool.query(`alter database ${database.name} set statement_timeout = 50`);
    await write({ '1_slow.sql': 'select pg_sleep(0.3)', '2_slow.sql': 'select pg_sleep(0.3)' });
    const hasty = createPool({ connectionString: database.url, statementTimeoutMs: 50 });
    expect(await createMigrator({ pool: hasty, dir }).run()).toEqual(['1_slow', '2_slow']);
    await hasty.close();
  });

  it('starts each migration with a fresh session, whatever the one before has set', async () => {
    await write({
      '1_dump.sql': "select pg_catalog.set_config('search_path', '', false); create table public.a (n int);",
      '2_next.sql': 'create table b (n int)',
    });
    expect(await migrator().run()).toEqual(['1_dump', '2_next']);
    expect(await tables()).toEqual(['a', 'b', 'schema_migrations']);
  });

  it.each(['set role', 'set session authorization'])(
    'takes back %s, for the record and for the next file',
    async (set) => {
      const role = `low_${database.name}`;
      await pool.query(`create role ${role}`);
      try {
        await write({
          '1_low.sql': `${set} ${role}`,
          '2_own.sql': `begin; ${set} ${role}; commit;`,
          '3_next.sql': 'create table a (n int)',
        });
        expect(await migrator().run()).toEqual(['1_low', '2_own', '3_next']);
        const { rows } = await pool.query(
          `select tableowner = current_user as ours from pg_tables where tablename = 'a'`,
        );
        expect(rows).toEqual([{ ours: true }]);
      } finally {
        await pool.query(`drop role ${role}`);
      }
    },
  );

  it('throws an error with a code whatever goes wrong, with the reason as its cause', async () => {
    await write({ '1_drop.sql': 'drop table schema_migrations' });
    await expect(migrator().run()).rejects.toMatchObject({
      name: 'MigrationError',
      code: 'ERR_MIGRATION_FAILED',
      message: expect.stringMatching(/1_drop\.sql failed: relation "public.schema_migrations" does not/) as string,
      cause: { code: '42P01' },
    });
    await rm(join(dir, '1_drop.sql'));
    await write({
      '2_late.sql': `create table a (n int unique deferrable initially deferred); insert into a values (1), (1)`,
    });
    await expect(migrator().run()).rejects.toMatchObject({
      code: 'ERR_MIGRATION_FAILED',
      message: expect.stringMatching(/2_late\.sql failed: duplicate key value/) as string,
      cause: { code: '23505' },
    });
    expect(await tables()).toEqual(['schema_migrations']);
    const nowhere = new URL(database.url);
    nowhere.pathname = '/nowhere';
    await expect(createMigrator({ connectionString: nowhere.href, dir }).status()).rejects.toMatchObject({
      code: 'ERR_MIGRATION_FAILED',
      message: expect.stringContaining('database "nowhere" does not exist') as string,
    });
  });

  it('says that the database is away, in the same words as the pool', async () => {
    const away = createMigrator({ connectionString: 'postgres://me@127.0.0.1:1/d', dir });
    await expect(away.run()).rejects.toMatchObject({
      code: 'ERR_POOL_CONNECTION_LOST',
      message: expect.stringContaining('ECONNREFUSED') as string,
      cause: { code: 'ECONNREFUSED' },
    });
  });
});

describe('run refuses', () => {
  beforeEach(async () => {
    await write({ '1_a.sql': 'create table a (n int)', '3_c.sql': 'create table c (n int)' });
    await migrator().run();
  });

  it('a file that was changed after it was applied, but not one with other line ends (S48)', async () => {
    await write({ '1_a.sql': '\uFEFFcreate table a (n int)' });
    expect(await migrator().run()).toEqual([]);
    await write({ '1_a.sql': 'create table a (n bigint)' });
    await expect(migrator().run()).rejects.toMatchObject({ code: 'ERR_MIGRATION_CHANGED' });
    expect(await states()).toEqual([
      ['1_a', 'changed'],
      ['3_c', 'applied'],
    ]);
  });

  it('to go on when the file of an applied migration is gone', async () => {
    await rm(join(dir, '3_c.sql'));
    await expect(migrator().run()).rejects.toMatchObject({ code: 'ERR_MIGRATION_MISSING' });
    await expect(migrator().revert()).rejects.toMatchObject({ code: 'ERR_MIGRATION_MISSING' });
  });

  it('a new file that stands before an applied one', async () => {
    await write({ '2_b.sql': 'create table b (n int)' });
    await expect(migrator().run()).rejects.toMatchObject({
      code: 'ERR_MIGRATION_ORDER',
      message: expect.stringContaining('2_b stands before 3_c') as string,
    });
    expect(await tables()).not.toContain('b');
  });

  it('a file without a place in the order, and a folder that is not there', async () => {
    await write({ 'add_users.sql': 'select 1' });
    await expect(migrator().run()).rejects.toMatchObject({ code: 'ERR_MIGRATION_NAME' });
    await expect(migrator({ dir: join(dir, 'nowhere') }).run()).rejects.toMatchObject({ code: 'ERR_MIGRATION_DIR' });
  });

  it.each([
    ['1_b.sql', '1_a.sql and 1_b.sql'],
    ['03_d.sql', '03_d.sql and 3_c.sql'],
  ])('two files of the same id: %s (MIG-04)', async (name, both) => {
    await write({ [name]: 'create table twice (n int)' });
    await expect(migrator().run()).rejects.toMatchObject({
      code: 'ERR_MIGRATION_NAME',
      message: expect.stringContaining(both) as string,
    });
    expect(await tables()).not.toContain('twice');
  });

  it('no two files of the same day, nor ids that differ in their last digit alone (MIG-03)', async () => {
    await write({
      '20250115_add_jobs.sql': 'select 1',
      '20250115_add_users.sql': 'select 1',
      '20250115093000124.sql': 'select 1',
      '20250115093000123.sql': 'select 1',
    });
    expect(await migrator().run()).toEqual([
      '20250115_add_jobs',
      '20250115_add_users',
      '20250115093000123',
      '20250115093000124',
    ]);
  });

  it('to wait longer than lockTimeoutMs, and names who holds the lock (MIG-11)', async () => {
    await write({ '4_slow.sql': 'select pg_sleep(2)' });
    const first = migrator().run();
    await expect
      .poll(
        async () => (await pool.query(`select 1 from pg_stat_activity where query like 'select pg_sleep%'`)).rowCount,
      )
      .toBe(1);
    const logger = recordingLogger();
    await expect(migrator({ lockTimeoutMs: 50, logger }).run()).rejects.toMatchObject({
      code: 'ERR_MIGRATION_LOCKED',
      message: expect.stringMatching(
        /\(backend \d+, express-runbook migrations\).*pg_terminate_backend\(\d+\)/,
      ) as string,
    });
    expect(logger.lines[0]?.message).toBe('Waiting for another migration of this database');
    expect(await first).toEqual(['4_slow']);
  });
});

describe('revert', () => {
  it('undoes the last migration, so that run, revert, run ends where run ends (MIG-07)', async () => {
    await write({
      '1_a.sql': 'create table a (n int)',
      'rollback/1_a.sql': 'drop table a',
      '2_b.sql': 'create table b (n int)',
      'rollback/2_b.sql': 'drop table b',
    });
    await migrator().run();
    expect(await migrator().revert()).toBe('2_b');
    expect(await tables()).toEqual(['a', 'schema_migrations']);
    expect(await migrator().run()).toEqual(['2_b']);
    expect([await migrator().revert(), await migrator().revert(), await migrator().revert()]).toEqual([
      '2_b',
      '1_a',
      undefined,
    ]);
    expect(await tables()).toEqual(['schema_migrations']);
  });

  it('says which file is missing (MIG-07)', async () => {
    await write({ '1_a.sql': 'create table a (n int)' });
    await migrator().run();
    await expect(migrator().revert()).rejects.toMatchObject({
      code: 'ERR_MIGRATION_NO_ROLLBACK',
      message: expect.stringContaining('rollback/1_a.sql') as string,
    });
    expect(await tables()).toContain('a');
  });
});

describe('status', () => {
  it('tells what is applied and what is pending, and changes nothing', async () => {
    await write({ '1_a.sql': 'select 1', 'rollback/1_a.sql': 'select 1', '2_b.sql': 'select 1' });
    expect(await migrator().status()).toEqual([
      { name: '1_a', state: 'pending', appliedAt: undefined, hasRollback: true },
      { name: '2_b', state: 'pending', appliedAt: undefined, hasRollback: false },
    ]);
    expect(await tables()).toEqual([]);
    await migrator().run();
    expect((await migrator().status())[0]).toEqual({
      name: '1_a',
      state: 'applied',
      appliedAt: expect.any(Date) as Date,
      hasRollback: true,
    });
  });
});

describe('createMigrator refuses', () => {
  it.each([
    [{ dir: 'd' }, /createMigrator\.pool is required/],
    [{ connectionString: 'postgres://h/d' }, /createMigrator\.dir is required/],
    [
      { connectionString: 'postgres://h/d', dir: 'd', table: 'a"; drop table x' },
      /createMigrator\.table must be a table name/,
    ],
    [{ connectionString: 'postgres://h/d', dir: 'd', table: 'a'.repeat(64) }, /at most 63 characters/],
  ])('%j', (options, message) => {
    expect(() => createMigrator(options as MigratorOptions)).toThrow(message);
  });
});
