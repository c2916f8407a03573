import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBackupManifest, writeBackupManifest } from 'express-runbook';
import { testDatabase } from '../support/postgres.js';
import { requireTool } from '../support/real-tools.js';
import { backupCalls, type BackupCalls } from './backup-calls.js';
import { call } from './call.js';

const pgDump = requireTool('pg_dump');
const isInstalled = pgDump.isInstalled && requireTool('psql').isInstalled;
const toolMajor = isInstalled ? Number(/\) (\d+)/.exec(pgDump.exec(['--version']))?.[1]) : 0;

let database: Awaited<ReturnType<typeof testDatabase>>;
let calls: BackupCalls;
let serverMajor: number;

beforeAll(async () => {
  database = await testDatabase();
  calls = backupCalls(database.url);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`
    create type mood as enum ('fine', 'bad');
    create table item (id int generated always as identity primary key, mood mood not null, name text check (name <> ''), at timestamptz default now());
    create index on item (lower(name)) where mood = 'fine';
    create view fine as select name from item where mood in ('fine');
    insert into item (mood, name) select 'fine', 'name ' || n from generate_series(1, 300) n;
    select lo_from_bytea(4711, 'large')`);
  const { rows } = await client.query<{ major: number }>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  );
  serverMajor = rows[0]!.major;
  await client.end();
});
afterAll(async () => {
  calls.remove();
  await database.drop();
});

// The campaign runs this file on servers of other versions (TEST_POSTGRES_FROM).
describe.skipIf(!isInstalled)('backups of a server of another version than the programs', () => {
  it('are made, proven and restored where the programs are as new as the server, and otherwise refused at once (S46)', async () => {
    const created = await calls.backup('create', '--name', 'made');
    if (serverMajor > toolMajor) {
      const sentence = (tool: string): unknown =>
        expect.stringMatching(
          `^error: ${tool} ${toolMajor}[^ ]* \\(.*\\) is older than the server, which is PostgreSQL ${serverMajor}\\. Install version ${serverMajor} or newer: `,
        );
      expect(created).toEqual({ exitCode: 1, stdout: '', stderr: sentence('pg_dump') });
      expect(calls.everything()).toEqual([]);
      const text = '--\n-- PostgreSQL database dump\n--\n\nSELECT 1;\n\n--\n-- PostgreSQL database dump complete\n--\n';
      writeFileSync(join(calls.dir, 'older.sql'), text);
      const restored = await calls.backup('restore', 'older.sql', '--without-manifest', '--force', database.name);
      expect(restored).toEqual({ exitCode: 1, stdout: '', stderr: sentence('psql') });
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      expect((await client.query('select from item')).rowCount).toBe(300);
      await client.end();
      return;
    }
    expect(created).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await calls.backup('verify', 'made')).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: 'made is good: it was restored\n1 tables, 300 rows: schema and row counts as at the time of the dump\n',
    });
    const restored = await calls.backup('restore', 'made', '--force', database.name);
    expect(restored).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe.skipIf(!isInstalled)('dumps that pg_dump made in other ways', () => {
  const dumped = (...args: string[]): void => void execFileSync('pg_dump', [...args, '-d', database.url]);

  it('are restored from a tar, whole or not at all, large objects too (X-36, F30, S46)', async (test) => {
    if (serverMajor > toolMajor) return test.skip();
    const path = join(calls.dir, 'backup.sql');
    dumped('--format=tar', '--file', path);
    const into = ['--into', `${database.name}_tar`, '--create', '--without-manifest'];
    const restored = await calls.backup('restore', 'backup.sql', ...into);
    expect(restored).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('1 tables, 300 rows') as string,
    });
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const there = new pg.Client({
      connectionString: Object.assign(new URL(database.url), { pathname: `/${database.name}_tar` }).href,
    });
    await there.connect();
    const { rows } = await there.query(`select convert_from(lo_get(4711), 'UTF8') as large`);
    expect(rows).toEqual([{ large: 'large' }]);
    await there.end();
    await client.query(`drop database ${database.name}_tar with (force)`);
    const whole = readFileSync(path);
    // pg_restore 15 takes the first, and goes on for ever with the third.
    for (const length of [whole.length - 512, whole.length - 2048, Math.floor(whole.length / 2), 600]) {
      writeFileSync(join(calls.dir, 'cut.tar'), whole.subarray(0, length));
      const cut = await calls.backup('restore', 'cut.tar', ...into);
      expect(cut).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringMatching(/is damaged/) as string });
    }
    const left = await client.query('select from pg_database where datname = $1', [`${database.name}_tar`]);
    expect(left.rowCount).toBe(0);
    await client.end();
  });

  it('are refused as a text that is cut off, as psql does not, or that chooses its database (T-21, S46)', async (test) => {
    if (serverMajor > toolMajor) return test.skip();
    dumped('--format=plain', '--file', join(calls.dir, 'whole.sql'));
    dumped('--format=plain', '--create', '--file', join(calls.dir, 'choosing.sql'));
    const whole = readFileSync(join(calls.dir, 'whole.sql'));
    const half = whole.subarray(0, Math.floor(whole.length / 2));
    writeFileSync(join(calls.dir, 'cut.sql'), half);
    writeFileSync(join(calls.dir, 'cut.sql.gz'), gzipSync(half));
    const into = ['--into', `${database.name}_new`, '--create', '--without-manifest'];
    for (const [file, words] of [
      ['cut.sql', 'is damaged: its end is missing'],
      ['cut.sql.gz', 'is damaged: its end is missing'],
      ['choosing.sql', 'made by pg_dump --create'],
    ] as const) {
      const refused = await calls.backup('restore', file, ...into);
      expect(refused).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(words) as string });
    }
    // Its large objects come with a COMMIT of their own.
    const replacing = await calls.backup('restore', 'whole.sql', '--without-manifest', '--force', database.name);
    expect(replacing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('large objects') as string });
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    expect((await client.query('select from item')).rowCount).toBe(300);
    expect(await calls.backup('restore', 'whole.sql', ...into)).toMatchObject({ exitCode: 0, stderr: '' });
    await client.query(`drop database ${database.name}_new with (force)`);
    await client.end();
  });

  it('are refused from a folder, with what restores one', async (test) => {
    if (serverMajor > toolMajor) return test.skip();
    const path = join(calls.dir, 'folder');
    dumped('--format=directory', '--file', path);
    expect(await calls.backup('restore', 'folder', '--without-manifest', '--force', database.name)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: ${path} is no backup: a folder that pg_dump wrote. pg_restore --single-transaction -d <database> restores it; backup create makes one file of a database\n`,
    });
  });

  it('are refused before the database is touched when only a newer pg_restore can read them', async (test) => {
    if (serverMajor > toolMajor || toolMajor >= 17) return test.skip();
    for (const [format, at] of [
      ['custom', 0],
      ['tar', 512],
    ] as const) {
      const path = join(calls.dir, `newer.${format}`);
      dumped(`--format=${format}`, '--file', path);
      const bytes = readFileSync(path);
      // The version of the archive stands behind its magic: 1.16 is of pg_dump 17.
      expect(bytes.toString('latin1', at, at + 5)).toBe('PGDMP');
      bytes[at + 6] = 16;
      writeFileSync(path, bytes);
      const refused = await calls.backup('restore', `newer.${format}`, '--without-manifest', '--force', database.name);
      expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
      expect(refused.stderr).toMatch(
        /^error: pg_restore [\d.]+.* is too old for this backup, which pg_dump 17 or newer wrote\. Install version 17 or newer: apt-get install postgresql-client-17 /,
      );
    }
  });

  it('are told to be of a newer server than the one that they go into', async (test) => {
    if (serverMajor > toolMajor) return test.skip();
    const known = await readBackupManifest(calls.dir, 'made');
    if (typeof known === 'string') throw new Error(known);
    await writeBackupManifest(calls.dir, { ...known, serverVersion: '99.1' });
    expect(await calls.backup('verify', 'made')).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(
        /^note: made is of PostgreSQL 99\.1, and the server is \d+\.\d+: it may not know all that is in it\n$/,
      ) as string,
    });
  });
});

describe.skipIf(!isInstalled)('a person at a terminal', () => {
  it('sees bars of what is dumped, read and restored, which are gone when it is done; a script sees none', async (test) => {
    if (serverMajor > toolMajor) return test.skip();
    const env = { PATH: process.env.PATH ?? '', DATABASE_URL: database.url };
    const settings = ['--dir', calls.dir, '--dotenv', '/none'];
    const create = ['backup', 'create', '--format', 'plain', '--name', 'shown', ...settings];
    const created = await call(create, [], { env, isInteractive: true });
    const verified = await call(['backup', 'verify', 'shown', ...settings], [], { env, isInteractive: true });
    expect([created.exitCode, verified.exitCode]).toEqual([0, 0]);
    const clear = '\r\u001b[K';
    const drawn = (created.stderr + verified.stderr).split(clear).filter((text) => text !== '');
    for (const what of ['dumping', 'reading .*/shown', 'restoring into express_runbook_scratch_\\w+'])
      expect(drawn.join('\n')).toMatch(new RegExp(`^${what}.* [\\d.]+ k?B [\\d.]+ [kM]?B/s$`, 'm'));
    expect(created.stderr.endsWith(clear)).toBe(true);
    expect(created.stdout).toMatch(/^created .*shown \(/);
  });
});
