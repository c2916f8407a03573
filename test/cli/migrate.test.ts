import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startPgBouncer } from '../support/pgbouncer.js';
import { requireTool } from '../support/real-tools.js';
import type { Called } from './call.js';
import { bin, cli, cliOn, startBin } from './cli.js';
import { useDatabase, useFolder } from './fixtures.js';

const pgbouncer = requireTool('pgbouncer');

const database = useDatabase('each');
const folder = useFolder();

const migrate = (...args: string[]): Promise<Called> => cliOn(database.url, 'migrate', ...args, '--dir', folder.path);

async function tables(): Promise<string[]> {
  const { rows } = await database.client.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  return rows.map(({ name }) => name);
}

const TWO = {
  '1_a.sql': 'create table a (n int)',
  'rollback/1_a.sql': 'drop table a',
  '2_b.sql': 'create table b (n int)',
  'rollback/2_b.sql': 'drop table b',
};

describe('migrate', () => {
  it('runs, shows and reverts, in the words of Prisma too (MIG-01, MIG-07, MIG-10, T-11)', async () => {
    await folder.write(TWO);
    expect((await migrate('show')).stdout).toBe('[ ] 1_a\n[ ] 2_b\n');
    expect(await migrate('run')).toMatchObject({ exitCode: 0, stdout: 'applied 1_a\napplied 2_b\n' });
    expect((await migrate('deploy')).stdout).toBe('nothing to apply\n');
    expect((await migrate('status')).stdout).toBe('[X] 1_a\n[X] 2_b\n');
    expect((await migrate('revert')).stdout).toBe('reverted 2_b\n');
    expect((await migrate('rollback')).stdout).toBe('reverted 1_a\n');
    expect((await migrate('revert')).stdout).toBe('nothing to revert\n');
  });

  it('gives one JSON document, and all else on standard error (S50)', async () => {
    await folder.write(TWO);
    const ran = await migrate('run', '--json');
    expect(JSON.parse(ran.stdout)).toEqual({ applied: ['1_a', '2_b'] });
    expect(ran.stderr).toContain('Database migration applied migration=1_a');
    const { migrations } = JSON.parse((await migrate('show', '--json')).stdout) as { migrations: unknown[] };
    expect(migrations[0]).toEqual({ name: '1_a', state: 'applied', appliedAt: expect.any(String), hasRollback: true });
    expect(JSON.parse((await migrate('revert', '--json')).stdout)).toEqual({ reverted: '2_b' });
  });

  it('writes nothing with --dry-run, not even its own table (S50)', async () => {
    await folder.write(TWO);
    expect((await migrate('run', '--dry-run')).stdout).toBe('would apply 1_a\nwould apply 2_b\n');
    expect(await tables()).toEqual([]);
    await migrate('run');
    expect((await migrate('revert', '--dry-run')).stdout).toBe('would revert 2_b\n');
    expect(await tables()).toEqual(['a', 'b', 'schema_migrations']);
  });

  it('exits with 1 when a migration fails, and says file, line and reason, without the password', async () => {
    await folder.write({ '1_a.sql': 'select 1;\nselect nothing;' });
    const { exitCode, stderr, stdout } = await migrate('run');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^error: .*1_a\.sql:2 failed: column "nothing" does not exist/);
    expect(stderr).not.toContain('    at ');
  });

  it('shows an applied migration that was changed, and exits with 1', async () => {
    await folder.write(TWO);
    await migrate('run');
    await folder.write({ '2_b.sql': 'create table c (n int)' });
    const { exitCode, stdout } = await migrate('show');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '[X] 1_a\n[!] 2_b (changed after it was applied)\n' });
  });

  it('corrects the record and nothing else: --rolled-back, --applied (MIG-04, MIG-10)', async () => {
    await folder.write({
      '20240115_001.sql': 'create table a (n int)',
      '20240116_001_b.sql': 'create table b (n int)',
    });
    await migrate('run');
    expect((await migrate('resolve', '--rolled-back', '20240116_001')).stdout).toBe(
      '20240116_001_b is remembered as not applied\n',
    );
    expect((await migrate('show')).stdout).toBe('[X] 20240115_001\n[ ] 20240116_001_b\n');
    await migrate('resolve', '--applied', '20240116_001_b');
    await folder.write({ '20240115_001.sql': 'create table a (n bigint)' });
    await migrate('resolve', '--applied', '20240115_001');
    expect(await migrate('run')).toMatchObject({ exitCode: 0, stdout: 'nothing to apply\n' });
    expect(await migrate('resolve', '--applied', '2024')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('[ERR_MIGRATION_UNKNOWN]') as string,
    });
    expect(await migrate('resolve')).toMatchObject({ exitCode: 2 });
  });

  it('asks before it reverts in production, and does not when nobody is there (S50)', async () => {
    await folder.write(TWO);
    await migrate('run');
    const inProduction = (typed?: string, ...args: string[]): Promise<Called> =>
      cli(['migrate', 'revert', '--dir', folder.path, '--dotenv', 'none', ...args], {
        env: { DATABASE_URL: database.url, NODE_ENV: 'production' },
        ...(typed === undefined ? {} : { typed }),
      });
    expect(await inProduction()).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await inProduction('yes\n')).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await inProduction('2_b\n')).toMatchObject({ exitCode: 0, stdout: 'reverted 2_b\n' });
    expect(await inProduction(undefined, '--yes')).toMatchObject({ exitCode: 0, stdout: 'reverted 1_a\n' });
  });

  it.each([
    [['migrate', 'run', '--fast'], 'unknown option'],
    [['migrate', 'run', '--dir='], 'empty'],
    [['migrate', 'run', '--dir', 'a', '--dir', 'b'], 'given twice'],
    [['migrate', 'run', '--dr'], 'unknown option'],
    [['migrate', 'run', '--lock-timeout', '-1'], 'whole number'],
    [['migrate', 'run', 'surplus'], 'too many arguments'],
    [['migrate', 'undo'], 'unknown command'],
  ])('%j is wrong usage: exit code 2 (S50)', async (args, message) => {
    const { exitCode, stdout, stderr } = await cliOn(database.url, ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('exits with 2 for settings that cannot be read and 1 for a database that is away, without a password (S50)', async () => {
    const bad = await cliOn('mysql://u:s3cret@h/d', 'migrate', 'run');
    expect(bad).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('DATABASE_URL') as string });
    const away = await cliOn('postgres://u:s3cret@127.0.0.1:1/d', 'migrate', 'run', '--dir', folder.path);
    expect(away).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('(127.0.0.1:1)') as string });
    expect(bad.stderr + away.stderr).not.toContain('s3cret');
  });
});

describe('migrate create', () => {
  it('takes a bare name or a path, and both can be run (MIG-01, MIG-02, X-48)', async () => {
    const bare = await cli(['migrate', 'create', 'add_new_column', '--dir', folder.path]);
    expect(bare.stdout).toMatch(
      /^created \S+\/\d{8}_\d{6}_add_new_column\.sql\ncreated \S+\/rollback\/\d{8}_\d{6}_add_new_column\.sql\n$/,
    );
    await cli(['migrate', 'create', join(folder.path, 'MigrationName')]);
    await cli(['migrate', 'create', 'src/migrations/Another', '--dir', folder.path, '--js']);
    const files = (await readdir(folder.path)).filter((name) => name !== 'rollback').sort();
    expect(files.map((name) => name.slice(16))).toEqual(['add_new_column.sql', 'migration_name.sql', 'another.cjs']);
    expect(await bin(database.url, ['migrate', 'run', '--dir', folder.path])).toMatchObject({ exitCode: 0 });
    expect(await bin(database.url, ['migrate', 'revert', '--dir', folder.path])).toMatchObject({ exitCode: 0 });
  });

  it('documents breaking changes in its head, and makes nothing with --dry-run (MIG-15)', async () => {
    const planned = await cli(['migrate', 'create', 'a', '--dir', folder.path, '--dry-run', '--json']);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      files: [expect.stringMatching(/_a\.sql$/), expect.any(String)],
    });
    expect(await readdir(folder.path)).toEqual([]);
    await cli(['migrate', 'create', 'a', '--dir', folder.path]);
    const [name = ''] = (await readdir(folder.path)).filter((file) => file.endsWith('.sql'));
    expect(await readFile(join(folder.path, name), 'utf8')).toContain('-- Breaking changes: none\n');
  });

  it.each(['..', 'a;b', '$(id)', 'a\nb', "a'b", '1_a', 'x'.repeat(101), 'Ünï'])(
    'refuses %j as a name: exit code 2 (S50)',
    async (name) => {
      const { exitCode, stderr } = await cli(['migrate', 'create', name, '--dir', folder.path]);
      expect({ exitCode, message: stderr.includes('is no name for a migration') }).toEqual({
        exitCode: 2,
        message: true,
      });
      expect(await readdir(folder.path)).toEqual([]);
    },
  );
});

describe('the built program', () => {
  it('applies each migration once when ten processes start on an empty database, and all exit with 0 (MIG-11, S48)', async () => {
    await folder.write({
      '1_a.sql': 'create table a (n int); insert into a values (1); select pg_sleep(0.2)',
      '2_index.sql': '-- no-transaction\ncreate index concurrently a_n on a (n)',
      '3_own.sql': 'begin; insert into a values (2); commit;',
      '4_module.cjs': `exports.up = async ({ client }) => client.query('insert into a values (3)')`,
      '5_module.mjs': `export async function up({ client }) { await client.query('insert into a values (4)') }`,
    });
    const results = await Promise.all(
      Array.from({ length: 10 }, () => bin(database.url, ['migrate', 'run', '--json', '--dir', folder.path])),
    );
    expect(results.map(({ exitCode, stderr }) => (exitCode === 0 ? 0 : stderr))).toEqual(Array(10).fill(0));
    const applied = results.map(({ stdout }) => (JSON.parse(stdout) as { applied: string[] }).applied);
    expect(applied.flat().sort()).toEqual(['1_a', '2_index', '3_own', '4_module', '5_module']);
    expect((await database.client.query('select n from a order by n')).rows).toEqual([1, 2, 3, 4].map((n) => ({ n })));
    expect(results.some(({ stderr }) => stderr.includes('Waiting for another migration of this database'))).toBe(true);
  });

  it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)(
    'leaves nothing of the migration that %s cuts, and the next run completes it (S48, S50)',
    async (signal) => {
      await folder.write({
        '1_a.sql': 'create table a (n int)',
        '2_b.sql': 'create table b (n int); select pg_sleep(600); create table c (n int)',
      });
      const child = startBin(database.url, ['migrate', 'run', '--dir', folder.path]);
      await expect.poll(async () => (await sleeping()).length, { timeout: 30_000 }).toBe(1);
      child.kill(signal);
      const [exitCode] = (await once(child, 'exit')) as [number | null];
      expect(exitCode).toBe({ SIGKILL: null, SIGINT: 130, SIGTERM: 143 }[signal]);
      await expect.poll(sleeping, { timeout: 10_000 }).toEqual([]);
      expect(await tables()).toEqual(['a', 'schema_migrations']);
      await folder.write({ '2_b.sql': 'create table b (n int)' });
      expect((await migrate('run')).stdout).toBe('applied 2_b\n');
    },
  );

  it('runs TypeScript where Node loads it, and says so where it does not', async () => {
    await folder.write({
      '1_a.ts': `export const up = ({ client }: { client: any }) => client.query('create table a (n int)');`,
    });
    const { exitCode, stdout, stderr } = await bin(database.url, ['migrate', 'run', '--dir', folder.path]);
    // What Node 22.18 and later call themselves.
    const canLoad = (process.features as { typescript?: unknown }).typescript === 'strip';
    if (canLoad) expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'applied 1_a\n' });
    else expect({ exitCode, says: stderr.includes('does not load TypeScript') }).toEqual({ exitCode: 1, says: true });
  });

  it('reads .env of the folder it is started in (CFG-47)', async () => {
    await folder.write({ ...TWO, '.env': `DATABASE_URL=${database.url}\n` });
    await mkdir(join(folder.path, 'migrations'));
    const { stdout } = await bin('', ['migrate', 'show'], folder.path);
    expect(stdout).toBe('no migrations\n');
  });

  it.skipIf(!pgbouncer.isInstalled)(
    'refuses to migrate through PgBouncer, where the lock does not hold (S48)',
    async () => {
      await folder.write(TWO);
      const bouncer = await startPgBouncer(database.url, 'transaction', 2);
      try {
        const result = await cliOn(bouncer.url, 'migrate', 'run', '--dir', folder.path);
        expect(result).toMatchObject({
          exitCode: 1,
          stderr: expect.stringContaining('[ERR_MIGRATION_POOLER]') as string,
        });
      } finally {
        await bouncer.stop();
      }
      expect(await tables()).toEqual([]);
    },
  );
});

/** Sessions that wait in pg_sleep, whoever started them. */
async function sleeping(): Promise<unknown[]> {
  const text = `select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`;
  return (await database.client.query(text)).rows;
}
