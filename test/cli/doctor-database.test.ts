import { afterEach, describe, expect, it } from 'vitest';
import { doctor, type Seen } from './doctor-calls.js';
import { useDatabase, useFolder } from './fixtures.js';

const database = useDatabase('all');
const folder = useFolder();
afterEach(async () => {
  await database.client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await database.client.query(`ALTER DATABASE ${database.name} RESET search_path`);
});

const ask = (ids: string[], args: readonly string[] = [], env: Record<string, string> = {}): Promise<Seen> =>
  doctor([...ids.flatMap((id) => ['--only', id]), ...args], {
    folder: folder.path,
    env: { DATABASE_URL: database.url, ...env },
  });

/** Has the database answer a question with something else than the server's own function does. */
async function pretend(signature: string, result: string): Promise<void> {
  await database.client.query(`CREATE FUNCTION public.${signature} LANGUAGE sql AS $$ SELECT ${result} $$`);
  await database.client.query(`ALTER DATABASE ${database.name} SET search_path = public, pg_catalog`);
}

describe('a database that is broken', () => {
  it('is told of when it does not answer; what else would ask it is left out', async () => {
    const seen = await ask(['database', 'clock.database'], [], {
      DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/app',
    });
    expect(seen.failed).toEqual([expect.stringMatching(/^database\.reachable: .*does not answer \(127\.0\.0\.1:1\)/)]);
    expect(seen.skipped).toHaveLength(5);
    expect(seen.exitCode).toBe(2);
    expect(seen.stdout).not.toContain('hunter2');
  });

  it('is told of when it takes long to answer', async () => {
    const seen = await ask(['database.reachable'], [], { DB_CONNECTION_TIMEOUT: '1' });
    expect(seen.warned.join()).toMatch(/took \d+ ms, the service gives up after 1$/);
  });

  it('is told of when its server is too old (CFG-51)', async () => {
    await pretend(
      'current_setting(text) RETURNS text',
      "CASE $1 WHEN 'server_version_num' THEN '130004' ELSE '13.4' END",
    );
    expect((await ask(['database.version'])).failed).toEqual([
      'database.version: PostgreSQL 13.4: versions before 14 are not supported, by this package nor by PostgreSQL',
    ]);
  });

  it('is told of when its clock is wrong', async () => {
    await pretend('clock_timestamp() RETURNS timestamptz', "now() + interval '10 seconds'");
    expect((await ask(['clock.database'])).warned.join()).toMatch(/the clock of the database is \d+\.?\d* s from/);
    await database.client.query(
      `CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT now() - interval ''1 hour'''`,
    );
    expect((await ask(['clock.database'])).failed.join()).toMatch(/is 3\d{3}\.?\d* s from/);
  });

  it('is told of when the pools of all replicas want more than it has', async () => {
    const { rows } = await database.client.query<{ max_connections: string }>('SHOW max_connections');
    const all = Number(rows[0]?.max_connections);
    const withPool = (size: number): Promise<Seen> =>
      ask(['database.connections'], ['--replicas', '2'], { DB_POOL_SIZE: String(Math.floor(size / 2)) });
    expect(await withPool(all * 0.5)).toMatchObject({ exitCode: 0, warned: [], failed: [] });
    expect((await withPool(all * 0.9)).warned.join()).toMatch(
      /\d+ connections leave \d+ of \d+ for psql, backups and migrations/,
    );
    expect((await withPool(all)).failed.join()).toMatch(/2 × \d+ connections are more than the \d+ of the server/);
  });

  it('is told of when the manifests start more than it has, unless a pooler stands between', async () => {
    await folder.write({
      'ecosystem.config.cjs': `module.exports = { apps: [{ name: 'orders', instances: 80, env: { DB_POOL_SIZE: '30' } }] };`,
    });
    expect((await ask(['database.connections'])).failed.join()).toMatch(/80 × 30 connections are more than/);
    const seen = await ask(['database.connections'], [], { DB_POOLER: 'transaction' });
    expect(seen).toMatchObject({ failed: [], skipped: [expect.stringContaining('a pooler stands between') as string] });
  });

  it('is told of when migrations are pending, changed or gone', async () => {
    await folder.write({ 'migrations/1_a.sql': 'SELECT 1;', 'migrations/2_b.sql': 'SELECT 2;' });
    expect((await ask(['database.migrations'])).failed).toEqual([
      'database.migrations: 2 migrations are not applied: 1_a, 2_b',
    ]);
    await database.client.query(`
      CREATE TABLE schema_migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz DEFAULT now());
      INSERT INTO schema_migrations (name, checksum) VALUES ('1_a', 'another'), ('0_gone', 'x')`);
    expect((await ask(['database.migrations'])).failed).toEqual([
      'database.migrations: 1 migration is not applied: 2_b',
      'database.migrations: changed after being applied: 1_a',
      'database.migrations: applied, and the file is gone: 0_gone',
    ]);
  });

  it('is told of when rows go to another machine in plain text', async () => {
    // An address of this machine that does not look like one.
    const url = database.url.replace('127.0.0.1', '2130706433');
    const env = { DATABASE_URL: url, DB_PASSWORD: '' };
    expect((await ask(['database.encryption'], [], env)).warned.join()).toMatch(/go to 2130706433 in plain text/);
    expect((await ask(['database.encryption'], [], { ...env, NODE_ENV: 'production' })).failed).toHaveLength(1);
  });

  it('is told of when there is no audit log, or one that can be changed (SEC-12, SEC-17)', async () => {
    expect((await ask(['security.audit-log'])).failed).toEqual(['security.audit-log: there is no table audit_logs']);
    await database.client.query(`
      CREATE TABLE audit_logs (id int);
      CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
      CREATE TRIGGER keep BEFORE UPDATE ON audit_logs FOR EACH ROW EXECUTE FUNCTION keep()`);
    expect((await ask(['security.audit-log'])).warned).toEqual([
      'security.audit-log: no trigger keeps audit_logs from DELETE, TRUNCATE',
    ]);
  });
});

it('a database that is well gets nothing, and is not changed', async () => {
  const tables = (): Promise<unknown> =>
    database.client
      .query('SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace($1)', ['public'])
      .then(({ rows }) => rows);
  const before = await tables();
  const seen = await ask(['database', 'clock.database'], ['--replicas', '2']);
  expect(seen).toMatchObject({ exitCode: 0, warned: [], failed: [] });
  expect(seen.skipped.map((text) => text.split(':')[0])).toEqual(['database.encryption', 'database.migrations']);
  expect(await tables()).toEqual(before);
});
