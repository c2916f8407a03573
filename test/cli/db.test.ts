import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { IMPOSSIBLE_NAMES, POSSIBLE_NAMES } from '../corpus/sql-names.js';
import { requireTool } from '../support/real-tools.js';
import type { Called } from './call.js';
import { bin, cli, cliOn, startBin } from './cli.js';
import { useDatabase } from './fixtures.js';

const psql = requireTool('psql');

const database = useDatabase('all');

beforeAll(() =>
  database.client.query(
    'create table events (id bigint generated always as identity primary key, status text, created_at timestamptz)',
  ),
);

const db = (...args: string[]): Promise<Called> => cliOn(database.url, 'db', ...args);

async function json<Result>(...args: string[]): Promise<Result> {
  const { exitCode, stdout, stderr } = await db(...args, '--json');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout) as Result;
}

const one = async (text: string): Promise<unknown> =>
  Object.values((await database.client.query(text)).rows[0] as object)[0];

describe('reports', () => {
  it('tell that the database answers, how large it is and who is connected (CLI-06, MNT-03, MNT-04, T-24, X-43)', async () => {
    expect((await db('ping')).stdout).toMatch(/^database \w+ answers\n$/);
    const [size] = await json<{ size: string }[]>('size');
    expect(size).toMatchObject({ size: await one('select pg_size_pretty(pg_database_size(current_database()))') });
    const rows = await json<{ application: string; connections: number }[]>('connections');
    expect(rows.find(({ application }) => application === 'express-runbook cli')?.connections).toBeGreaterThan(0);
  });

  it('are a table for people, with names and texts that a terminal does not obey (S50)', async () => {
    const other = new pg.Client({ connectionString: database.url, application_name: 'evil\u001b[31mapp' });
    await other.connect();
    const sleeping = other.query(`select pg_sleep(600) as "a\u001b]0;x\u0007b"`).catch(() => undefined);
    await expect.poll(async () => (await db('activity')).stdout).toContain('pg_sleep(600)');
    const { stdout } = await db('activity');
    expect(stdout).toMatch(/^pid +user +application +state +duration +waits_for +query\n-+ /);
    // eslint-disable-next-line no-control-regex -- those are what must not get out
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    const [row] = await json<{ pid: number; waits_for: string }[]>('activity');
    expect(row?.waits_for).toBe('Timeout: PgSleep');
    expect((await db('kill', String(row?.pid), '--cancel', '--yes')).exitCode).toBe(0);
    await sleeping;
    await other.end();
  });

  it('measure tables in mixed case and with quotes in their names (MNT-06, T-16, X-47)', async () => {
    await database.client.query(`create table "User" (id int); create table "a""b;c" (id int)`);
    const names = (await json<{ table: string }[]>('tables')).map(({ table }) => table);
    expect(names).toEqual(expect.arrayContaining(['public."User"', 'public."a""b;c"', 'public.events']));
  });

  it('find indexes that nobody reads and columns that may want one, by the columns that exist (MNT-07, MNT-08, T-02)', async () => {
    await database.client.query(`
      create table readings (id int, device int, value int);
      insert into readings select n, (n * 7919) % 5003, 1 from generate_series(1, 5000) n;
      create index readings_value on readings (value)`);
    await database.client.query('analyze readings');
    const found = await json<{ finding: string; table: string; name: string }[]>('indexes');
    expect(found.map(({ finding, name }) => `${finding} ${name}`)).toEqual(
      expect.arrayContaining(['unused readings_value', 'candidate device']),
    );
    expect(found.map(({ name }) => name)).not.toContain('value');
  });

  it('find bloat without an extension (MNT-05)', async () => {
    await database.client.query(`
      create table bloated (id int, text text) with (autovacuum_enabled = off);
      insert into bloated select n, repeat('x', 100) from generate_series(1, 5000) n`);
    await database.client.query('delete from bloated where id % 10 <> 0');
    await database.client.query('analyze bloated');
    const rows = await json<{ table: string; bloat_percent: number; dead_percent: number }[]>('bloat');
    const row = rows.find(({ table }) => table === 'bloated');
    expect(row?.bloat_percent).toBeGreaterThan(70);
    await db('vacuum', 'bloated', '--full', '--yes');
    const after = (await json<typeof rows>('bloat')).find(({ table }) => table === 'bloated');
    expect(after?.bloat_percent).toBeLessThan(20);
  });

  it('say who waits for whom (MNT-12)', async () => {
    const [holder, waiter] = [new pg.Client(database.url), new pg.Client(database.url)];
    await Promise.all([holder.connect(), waiter.connect()]);
    await holder.query('begin; lock table events in access exclusive mode');
    const waiting = waiter.query('select 1 from events').catch((error: unknown) => (error as { code: string }).code);
    await expect.poll(() => json<unknown[]>('locks')).toHaveLength(1);
    const [lock] = await json<{ blocked_by: number; relation: string; pid: number }[]>('locks');
    expect(lock).toMatchObject({
      relation: 'events',
      query: 'select 1 from events',
      blocker_state: 'idle in transaction',
    });
    holder.on('error', () => undefined);
    expect(await db('kill', String(lock?.blocked_by), '--yes')).toMatchObject({ exitCode: 0 });
    await waiting;
    expect(await json('locks')).toEqual([]);
    await waiter.end();
  });

  it('say what slow needs when it is not there (MNT-13, T-03)', async () => {
    const { exitCode, stderr } = await db('slow');
    expect({ exitCode, isTold: stderr.includes('CREATE EXTENSION pg_stat_statements') }).toEqual({
      exitCode: 1,
      isTold: true,
    });
  });

  it('find what is wrong, and exit with 1 (CLI-06)', async () => {
    expect(await db('check')).toMatchObject({ exitCode: 0, stdout: 'nothing is wrong\n' });
    await database.client.query('create table twice (n int); insert into twice values (1), (1)');
    await expect(database.client.query('create unique index concurrently twice_n on twice (n)')).rejects.toThrow();
    await database.client.query('alter table events add constraint later check (id > 0) not valid');
    const { exitCode, stdout } = await db('check');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(/indexes .*twice_n is invalid[^]*constraints .*later of events/) as string,
    });
    await database.client.query('drop table twice; alter table events drop constraint later');
  });
});

describe('check --deep', () => {
  it('finds an index that does not lead where it should, by amcheck (CLI-06)', async () => {
    expect(await db('check', '--deep')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('CREATE EXTENSION amcheck') as string,
    });
    // An order that turns round under an index, as that of texts does with another version of the system's library.
    await database.client.query(`
      create schema tools; create extension amcheck schema tools;
      create function up(int, int) returns int immutable language sql as 'select $1 - $2';
      create function down(int, int) returns int immutable language sql as 'select $2 - $1';
      create operator class fickle for type int using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=,
        operator 5 >, function 1 up(int, int);
      create table turned (n int); insert into turned select generate_series(1, 500); create index "turned;n" on turned (n fickle)`);
    expect(await db('check', '--deep')).toMatchObject({ exitCode: 0, stdout: 'nothing is wrong\n' });
    await database.client.query(`update pg_amproc set amproc = 'down'::regproc where amproc = 'up'::regproc`);
    const { exitCode, stdout } = await db('check', '--deep', '--json');
    const { checks, findings } = JSON.parse(stdout) as {
      checks: string[];
      findings: { check: string; finding: string }[];
    };
    expect({ exitCode, first: checks[0] }).toEqual({ exitCode: 1, first: 'corruption' });
    expect(findings).toEqual([
      { check: 'corruption', finding: expect.stringMatching(/^public\."turned;n": .*(?:invariant|order)/) as string },
    ]);
    await database.client.query('drop table turned; drop operator class fickle using btree; drop schema tools cascade');
  });
});

describe('window', () => {
  it.each([
    ['2026-12-01', false, '2026-12-05T02:00Z to 2026-12-05T06:00Z'],
    ['2026-12-05T01:59Z', false, '2026-12-05T02:00Z to 2026-12-05T06:00Z'],
    ['2026-12-05T02:00Z', true, '2026-12-05T02:00Z to 2026-12-05T06:00Z'],
    ['2026-12-05T05:59:59Z', true, '2026-12-05T02:00Z to 2026-12-05T06:00Z'],
    ['2026-12-05T06:00Z', false, '2027-01-02T02:00Z to 2027-01-02T06:00Z'],
    ['2028-01-01T03:00Z', true, '2028-01-01T02:00Z to 2028-01-01T06:00Z'],
  ])('is the first Saturday of the month: at %s (MNT-18)', async (at, isOpen, times) => {
    const { exitCode, stdout } = await cli(['db', 'window', '--inside', '--at', at]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: isOpen ? 0 : 1,
      stdout: `${isOpen ? 'open now' : 'next'}: ${times}\n`,
    });
  });

  it('tells without being asked to judge, and refuses what is no time (S50)', async () => {
    expect(await cli(['db', 'window', '--at', '2026-12-01', '--json'])).toMatchObject({ exitCode: 0 });
    expect(await cli(['db', 'window', '--at', 'tomorrow'])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});

describe('maintenance', () => {
  it('vacuums, analyses and rebuilds indexes, one statement per message (MNT-01, MNT-02, MNT-14, T-43)', async () => {
    expect((await db('vacuum')).stdout).toBe('done: VACUUM (ANALYZE)\n');
    expect((await db('vacuum', 'public.events')).stdout).toBe('done: VACUUM (ANALYZE) public.events\n');
    expect((await db('analyze', 'events')).stdout).toBe('done: ANALYZE public.events\n');
    expect(await one(`select last_analyze is not null from pg_stat_user_tables where relname = 'events'`)).toBe(true);
    expect((await db('reindex', 'events')).stdout).toBe('done: REINDEX TABLE CONCURRENTLY public.events\n');
    expect((await db('reindex', '--locking', '--yes')).stdout).toMatch(/^done: REINDEX DATABASE \w+\n$/);
  });

  it('is not cut by the statement time-out of the service or of the role (T-44, DB-05)', async () => {
    await database.client.query(`alter database ${database.name} set statement_timeout = '20ms'`);
    try {
      expect(await db('vacuum')).toMatchObject({ exitCode: 0 });
    } finally {
      await database.client.query(`alter database ${database.name} reset statement_timeout`);
    }
  });

  it.each([...IMPOSSIBLE_NAMES, ...POSSIBLE_NAMES])(
    '%i refuses the table %j that is not there, and runs nothing (S49, 3.9)',
    async (_id, name) => {
      const results = await Promise.all([
        db('vacuum', '--dry-run', '--', name),
        db('analyze', '--dry-run', '--', name),
        db('reindex', '--dry-run', '--', name),
      ]);
      for (const { exitCode, stdout, stderr } of results) {
        expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
        expect(stderr).toContain('there is no table');
      }
    },
  );

  it.each(POSSIBLE_NAMES)('%i takes the table %j where it is there, quoted (S49, 3.9)', async (_id, name) => {
    await database.client.query(`create table ${pg.escapeIdentifier(name)} (n int)`);
    const results = [await db('vacuum', '--', name), await db('analyze', '--', name), await db('reindex', '--', name)];
    expect(results.map(({ exitCode, stderr }) => (exitCode === 0 ? 0 : stderr))).toEqual([0, 0, 0]);
    await database.client.query(`drop table ${pg.escapeIdentifier(name)}`);
    expect(await one(`select to_regclass('events') is not null`)).toBe(true);
  });

  it('asks before it locks or ends something, and does nothing where nobody can be asked (S50)', async () => {
    await database.client.query('create table if not exists events_archive (like events)');
    const pid = String(await one('select pg_backend_pid()'));
    const asked = [
      ['vacuum', '--full'],
      ['vacuum', 'events', '--full'],
      ['reindex', '--locking'],
      ['kill', pid],
    ];
    await database.client.query(
      `insert into events (status, created_at) values ('completed', now() - interval '91 days')`,
    );
    for (const args of [...asked, ['archive', 'events']]) {
      expect(await db(...args)).toMatchObject({
        exitCode: 2,
        stdout: '',
        stderr: expect.stringContaining('--yes') as string,
      });
    }
    const typed = (text: string): Promise<Called> =>
      cli(['db', 'vacuum', 'events', '--full', '--dotenv', 'none'], {
        env: { DATABASE_URL: database.url },
        typed: text,
      });
    expect(await typed('y\n')).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await typed('')).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await typed('events\n')).toMatchObject({
      exitCode: 0,
      stdout: 'done: VACUUM (FULL, ANALYZE) public.events\n',
    });
    await database.client.query('delete from events');
  });

  it('shows with --dry-run what it would do, and does nothing (S50)', async () => {
    expect((await db('vacuum', '--full', '--dry-run')).stdout).toBe('would run: VACUUM (FULL, ANALYZE)\n');
    expect(await json('reindex', 'events', '--dry-run')).toEqual({
      wouldRun: ['REINDEX TABLE CONCURRENTLY public.events'],
    });
    const pid = String(await one('select pg_backend_pid()'));
    expect((await db('kill', pid, '--dry-run')).stdout).toContain(`would end session ${pid}`);
  });

  it('ends no process that is not a session of this database (MNT-11, T-12)', async () => {
    for (const pid of ['pid', '0', '-1', '1e9', '1; select 1', '99999999999']) {
      expect(await db('kill', '--yes', '--', pid)).toMatchObject({ exitCode: 2 });
    }
    const checkpointer = String(await one(`select pid from pg_stat_activity where backend_type = 'checkpointer'`));
    for (const pid of ['4294967295', checkpointer]) {
      expect(await db('kill', '--yes', pid)).toMatchObject({
        exitCode: 1,
        stderr: `error: there is no session ${pid} of this database\n`,
      });
    }
  });

  it('has new sessions log what takes longer, for this database alone (T-50)', async () => {
    expect((await db('slow-log', '100')).stdout).toMatch(
      /^done: ALTER DATABASE \w+ SET log_min_duration_statement = 100\n$/,
    );
    const fresh = new pg.Client({ connectionString: database.url });
    await fresh.connect();
    const { rows } = await fresh.query('show log_min_duration_statement');
    await fresh.end();
    expect(rows).toEqual([{ log_min_duration_statement: '100ms' }]);
    expect(await db('slow-log', 'off')).toMatchObject({ exitCode: 0 });
    expect(await db('slow-log', '1; drop table events')).toMatchObject({ exitCode: 2 });
  });
});

describe('archive', () => {
  it('moves what is old and completed, in batches, and loses no row (MNT-10)', async () => {
    await database.client.query(`
      truncate events;
      drop table if exists events_archive;
      create table events_archive (created_at timestamptz, id bigint, status text, archived_at timestamptz default now());
      insert into events (status, created_at)
        select case when n % 2 = 0 then 'completed' else 'open' end, now() - n * interval '1 day' from generate_series(1, 200) n`);
    const counts = (): Promise<unknown> =>
      one(`select array[(select count(*)::int from events), (select count(*)::int from events_archive)]`);
    const args = ['archive', 'events', '--older-than', '90', '--status', 'completed', '--batch', '20'];
    expect((await db(...args, '--dry-run')).stdout).toBe(
      'would move 56 rows of public.events to public.events_archive\n',
    );
    expect(await counts()).toEqual([200, 0]);
    expect(await db(...args, '--yes', '--json')).toMatchObject({ exitCode: 0, stdout: '{\n  "moved": 56\n}\n' });
    expect(await counts()).toEqual([144, 56]);
    expect(
      await one(`select count(*)::int from events_archive where status <> 'completed' or created_at is null`),
    ).toBe(0);
  });

  it('refuses what would lose columns or rows of other tables', async () => {
    await database.client.query(`
      create table notes (id bigint primary key, created_at timestamptz, text text);
      create table notes_archive (id bigint, created_at timestamptz);
      create table replies (note bigint references notes on delete cascade)`);
    expect((await db('archive', 'notes', '--yes')).stderr).toContain('lacks columns of public.notes');
    await database.client.query('alter table notes_archive add text text');
    expect((await db('archive', 'notes', '--yes')).stderr).toContain('would change replies');
    expect((await db('archive', 'notes', '--into', 'notes', '--yes')).stderr).toContain('into itself');
    expect((await db('archive', 'replies', '--into', 'replies', '--yes')).exitCode).toBe(1);
    expect((await db('archive', 'events', '--column', 'id; drop table events', '--yes')).stderr).toContain(
      'has no column',
    );
    expect(await db('archive', 'events', '--older-than', '-1')).toMatchObject({ exitCode: 2 });
  });
});

describe.skipIf(!psql.isInstalled)('console', () => {
  it('opens psql on the database, hands it what stands after --, and its exit code back (CLI-06)', async () => {
    expect((await bin(database.url, ['db', 'console', '--', '-Atc', 'select current_database()'])).stdout).toBe(
      `${database.name}\n`,
    );
    expect((await bin(database.url, ['db', 'console', '--', '-c', 'select nothing'])).exitCode).toBe(1);
    expect((await bin('postgres://u:s3cret@127.0.0.1:1/d', ['db', 'console', '--', '-c', 'select 1'])).exitCode).toBe(
      2,
    );
  });
});

describe('exec', () => {
  it('hands on the files of certificates that the URL names (CFG-09)', async () => {
    const url = 'postgres://u@h/d?sslmode=verify-full&sslrootcert=/a/ca.pem&sslcert=/a/c.pem&sslkey=/a/k.pem';
    const { stdout } = await bin(url, ['db', 'exec', 'env']);
    const said = stdout.split('\n').filter((line) => line.startsWith('PGSSL'));
    expect(said.sort()).toEqual([
      'PGSSLCERT=/a/c.pem',
      'PGSSLKEY=/a/k.pem',
      'PGSSLMODE=verify-full',
      'PGSSLROOTCERT=/a/ca.pem',
    ]);
  });

  it('passes SIGTERM on to the program, and ends with it: 143', async () => {
    const child = startBin('postgres://u@h/d', ['db', 'exec', '--', 'sh', '-c', 'echo $$; exec sleep 1000']);
    const [pid] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string];
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(143);
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });
});

describe('config print', () => {
  const env = { DATABASE_URL: `postgres://it's:s3cr%27et@db.example:5433/name?schema=x`, JWT_SECRET: 'k'.repeat(40) };

  it('shows what is in force, without secrets', async () => {
    for (const form of [[], ['--json']]) {
      const { exitCode, stdout, stderr } = await cli(['config', 'print', '--dotenv', 'none', ...form], { env });
      expect(exitCode).toBe(0);
      expect(stdout).toContain('db.example');
      expect(stdout + stderr).not.toMatch(/s3cr|kkkk/);
    }
  });

  it('gives a shell both ways to name the database, whatever is in it, and prints no password (X-13, T-46)', async () => {
    const { stdout, stderr } = await cli(['config', 'print', '--shell', '--dotenv', 'none'], { env });
    expect(stdout + stderr).not.toContain('s3cr');
    const names = '"$DATABASE_URL" "$DB_USER" "$DB_HOST" "$DB_PORT" "$DB_NAME" "$PGUSER" "$DB_PASSWORD" "$PGPASSWORD"';
    const seen = execFileSync('sh', ['-c', `${stdout}printf '%s|' ${names}`], { env, encoding: 'utf8', stdio: 'pipe' });
    expect(seen).toBe(`postgres://it's@db.example:5433/name|it's|db.example|5433|name|it's|s3cr'et|s3cr'et|`);
  });

  it('asks for no password where there is none, and tells it alone when it is asked for', async () => {
    const without = { env: { DATABASE_URL: 'postgres://u@h/d' } };
    const call = (...options: string[]): Promise<Called> =>
      cli(['config', 'print', '--dotenv', 'none', ...options], without);
    expect((await call('--shell')).stdout).not.toContain('PASSWORD');
    expect(await cli(['config', 'print', '--dotenv', 'none', '--password'], { env })).toMatchObject({
      stdout: "s3cr'et\n",
    });
    expect(await call('--shell', '--password')).toMatchObject({
      exitCode: 2,
      stderr: 'error: say one of --shell, --password and --json\n',
    });
  });
});
