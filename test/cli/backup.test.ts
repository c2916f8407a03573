import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readBackupManifest, type BackupManifest } from 'express-runbook';
import { findTool } from '../../src/cli/backup/tools.js';
import { testDatabase } from '../support/postgres.js';
import { requireTool } from '../support/real-tools.js';
import { backupCalls, type BackupCalls } from './backup-calls.js';
import { connected, useDatabase } from './fixtures.js';

const isInstalled = requireTool('pg_dump').isInstalled && requireTool('psql').isInstalled;

const database = useDatabase('all');
let calls: BackupCalls;

beforeAll(async () => {
  calls = backupCalls(database.url);
  await database.client.query(`
    create type mood as enum ('fine', 'bad');
    create schema "Other Place";
    create table "User" (id serial primary key, name text not null, status varchar(20) check (status in ('new', 'old')));
    create table "Other Place"."odd ""name" (id int references "User", mood mood default 'fine', part int) partition by list (part);
    create table "Other Place".part_1 partition of "Other Place"."odd ""name" for values in (1);
    create view names as select name from "User" where status in ('new', 'old');
    create materialized view counted as select count(*) from "User";
    create function twice(int) returns int language sql as 'select 2 * $1';
    create index on "User" (lower(name)) where status <> 'old';
    insert into "User" (name, status) select 'name ' || n, 'new' from generate_series(1, 500) n;
    insert into "Other Place".part_1 select n, 'bad', 1 from generate_series(1, 70) n;
    refresh materialized view counted`);
});
afterAll(() => calls.remove());

describe.skipIf(!isInstalled)('backup create', () => {
  it.each([
    ['custom', /\.dump$/, 'PGDMP'],
    ['plain', /\.sql$/, '--\n--'],
    ['gzip', /\.sql\.gz$/, '\u001f\u008b'],
  ])(
    'makes a %s dump that is what its content says, for the owner alone, with all rows in it (BKP-01, BKP-02, BKP-03, X-36, T-20)',
    async (format, name, magic) => {
      const { exitCode, stdout, stderr } = await calls.backup('create', '--format', format, '--json');
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const manifest = JSON.parse(stdout) as BackupManifest;
      expect(manifest).toMatchObject({ format, database: database.name });
      expect(manifest.file).toMatch(name);
      expect(manifest.file).toMatch(/_\d{8}_\d{6}\./);
      expect(manifest.contents?.tables).toEqual({
        '"Other Place".part_1': 70,
        'public."User"': 500,
        'public.counted': 1,
      });
      const path = join(calls.dir, manifest.file);
      expect(readFileSync(path).toString('latin1').startsWith(magic)).toBe(true);
      expect(await readBackupManifest(calls.dir, manifest.file)).toEqual(manifest);
      for (const one of [path, `${path}.manifest.json`]) expect(statSync(one).mode & 0o777).toBe(0o600);
      const into = `${database.name}_${format}`;
      const restored = await calls.backup('restore', manifest.file, '--into', into, '--create');
      expect(restored).toEqual({
        exitCode: 0,
        stderr: '',
        stdout: `restored ${manifest.file} into ${into}\n3 tables, 571 rows: schema and row counts as at the time of the dump\n`,
      });
      await database.client.query(`drop database ${into}`);
    },
  );

  it('gives the file the name that a script wants, custom inside: pg_restore takes it (BKP-04, BKP-05, T-05)', async () => {
    const file = 'backup_production_20260101_000000.sql';
    expect((await calls.backup('create', '--name', file)).exitCode).toBe(0);
    await database.client.query(`create database ${database.name}_o`);
    const url = urlOf(`${database.name}_o`);
    execFileSync('pg_restore', ['-d', url, join(calls.dir, file)]);
    const again = await calls.backup('create', '--name', file);
    expect(again).toMatchObject({ exitCode: 1, stderr: `error: ${join(calls.dir, file)} exists already\n` });
    expect((await calls.backup('create', '--name', '../out')).exitCode).toBe(2);
    await database.client.query(`drop database ${database.name}_o`);
  });

  it('says how to install what is missing or too old', async () => {
    const found = findTool('pg_dump', { env: { PATH: process.env.PATH }, atLeastMajor: 99 });
    await expect(found).rejects.toThrow(
      /^pg_dump [\d.]+ \(.*\) is older than the server, which is PostgreSQL 99\. Install version 99 or newer: apt-get install postgresql-client-99 /,
    );
    await expect(findTool('pg_away', { env: {}, atLeastMajor: 15 })).rejects.toThrow('pg_away is not installed');
  });
});

describe.skipIf(!isInstalled)('backup restore', () => {
  it('replaces what is in a database only when told its name, and then all of it (BKP-05, T-06, X-37)', async () => {
    const target = await testDatabase();
    const there = await connected(target.url);
    await there.query('create table "User" (id int); create table newer (id int); insert into newer values (1)');
    const files = calls.files().filter((name) => /^test_.*(dump|sql|gz)$/.test(name));
    expect(files.map((name) => name.replace(/^.*?\./, '')).sort()).toEqual(['dump', 'sql', 'sql.gz']);
    for (const file of files) {
      const refused = await calls.backup('restore', file, '--into', target.name);
      expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`${target.name} is not empty`) });
      const other = await calls.backup('restore', file, '--into', target.name, '--force', database.name);
      expect(other.exitCode).toBe(2);
      expect((await there.query('select * from newer')).rowCount).toBe(1);
      const forced = await calls.backup('restore', file, '--into', target.name, '--force', target.name);
      expect(forced).toMatchObject({ exitCode: 0, stderr: '' });
      await expect(there.query('select * from newer')).rejects.toThrow('does not exist');
      await there.query('create table newer (id int); insert into newer values (1)');
    }
    await there.end();
    await target.drop();
  });

  it('takes nothing of a dump that has an error in it (T-21)', async () => {
    const target = await testDatabase();
    const plain = calls.files().find((name) => /^test_.*\.sql$/.test(name))!;
    const text = readFileSync(join(calls.dir, plain), 'utf8');
    writeFileSync(
      join(calls.dir, 'wrong.sql'),
      text.replace('CREATE VIEW public.names', 'SELECT nonsense; CREATE VIEW public.names'),
    );
    const refused = await calls.backup('restore', 'wrong.sql', '--into', target.name);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('there is no manifest') });
    const { exitCode, stderr } = await calls.backup(
      'restore',
      'wrong.sql',
      '--into',
      target.name,
      '--without-manifest',
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error: psql exited with 3: .*column "nonsense" does not exist/);
    const there = await connected(target.url);
    expect((await there.query(`select from pg_class where relnamespace = 'public'::regnamespace`)).rowCount).toBe(0);
    await there.end();
    await target.drop();
  });

  it('takes what a newer pg_dump wrote for a server that does not know all its settings', async () => {
    const target = await testDatabase();
    const plain = calls.files().find((name) => /^test_.*\.sql$/.test(name))!;
    const text = readFileSync(join(calls.dir, plain), 'utf8');
    const newer = text.replace('\nSET lock_timeout', '\nSET transaction_timeout = 0;\nSET lock_timeout');
    writeFileSync(join(calls.dir, 'newer.sql'), newer);
    expect(newer).not.toBe(text);
    const { exitCode, stderr } = await calls.backup(
      'restore',
      'newer.sql',
      '--into',
      target.name,
      '--without-manifest',
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    await target.drop();
  });

  it('lets no dump run commands of the shell (CVE-2025-8714)', async () => {
    const target = await testDatabase();
    const mark = join(calls.dir, 'was-here');
    const text = `--\n-- PostgreSQL database dump\n--\n\n\\! touch ${mark}\n\n--\n-- PostgreSQL database dump complete\n--\n`;
    writeFileSync(join(calls.dir, 'hostile.sql'), text);
    const { exitCode } = await calls.backup('restore', 'hostile.sql', '--into', target.name, '--without-manifest');
    expect(exitCode).toBe(1);
    expect(calls.everything()).not.toContain('was-here');
    await target.drop();
  });

  it('makes a database only for a restore that succeeds (T-40)', async () => {
    const into = `${database.name}_new`;
    const plain = calls.files().find((name) => /^test_.*\.sql$/.test(name))!;
    expect(await calls.backup('restore', plain, '--into', into)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('does not exist'),
    });
    await calls.backup('restore', 'wrong.sql', '--into', into, '--create', '--without-manifest');
    expect((await database.client.query('select from pg_database where datname = $1', [into])).rowCount).toBe(0);
  });
});

describe.skipIf(!isInstalled)('backup verify and drill', () => {
  it('restore into a scratch database, compare, and remember when (BKP-12, S46)', async () => {
    const [file] = calls.files().filter((name) => name.endsWith('.dump'));
    const { exitCode, stdout } = await calls.backup('verify', file!);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: `${file} is good: it was restored\n3 tables, 571 rows: schema and row counts as at the time of the dump\n`,
    });
    expect(await readBackupManifest(calls.dir, file!)).toHaveProperty('verifiedAt');
    expect(await scratchDatabases()).toEqual([]);
    const listed = await calls.backup('list', '--json');
    expect(JSON.parse(listed.stdout)).toContainEqual(
      expect.objectContaining({ file, manifest: expect.objectContaining({ verifiedAt: expect.any(String) }) }),
    );
  });

  it('sweep up scratch databases of runs that were killed', async () => {
    await database.client.query('create database express_runbook_scratch_left');
    expect((await calls.backup('verify')).exitCode).toBe(0);
    expect(await scratchDatabases()).toEqual([]);
  });

  it('report times against RTO and RPO, and leave a named database to be looked at (BKP-13, BKP-14, PRF-14, X-35)', async () => {
    const into = `${database.name}_drill`;
    const good = await calls.backup('drill', '--into', into);
    expect(good.exitCode).toBe(0);
    expect(good.stdout).toMatch(
      /^drill of .*\n {2}age {6}.*, within the RPO of 1 d\n {2}restore {2}.*, within the RTO of 4 h: check .*, restore and comparison .*\n {2}contents 3 tables, 571 rows: .*\nthe drill has succeeded\n$/,
    );
    const there = await connected(urlOf(into));
    expect((await there.query<{ count: number }>('select count(*)::int from "User"')).rows).toEqual([{ count: 500 }]);
    await there.end();
    await database.client.query(`drop database ${into}`);
    await expect
      .poll(() => calls.backupWith({ BACKUP_RPO: '1s' }, 'drill'))
      .toMatchObject({
        exitCode: 1,
        stdout: expect.stringMatching(/LONGER THAN the RPO of 1\.0 s[^]*the drill has failed\n$/),
      });
  });
});

async function scratchDatabases(): Promise<unknown[]> {
  return (await database.client.query(`select datname from pg_database where datname like 'express_runbook_scratch_%'`))
    .rows;
}

function urlOf(name: string): string {
  const url = new URL(inject('postgresAdminUrl'));
  url.pathname = `/${name}`;
  return url.href;
}
