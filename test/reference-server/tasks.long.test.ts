import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { testDatabase } from '../support/postgres.js';
import { REFERENCE_SERVER } from '../support/reference-server.js';
import { runTask } from '../support/seeded-database.js';

let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.drop());

describe('the tasks of the reference server', () => {
  it('migrate an empty database, say so, and have nothing left to do (MIG-01)', async () => {
    const shownBefore = await runTask(database.url, 'migration:show');
    expect(shownBefore.stdout).toMatch(/^\[ \] 20260105_090000_create_users/);
    const first = await runTask(database.url, 'migration:run');
    expect(first.stdout).toContain('applied 20260105_090000_create_users');
    const second = await runTask(database.url, 'migration:run');
    expect(second.stdout).toBe('nothing to apply\n');
    const shownAfter = await runTask(database.url, 'migration:show');
    expect(shownAfter.stdout).not.toContain('[ ]');
  });

  it('seed twice and leave the same rows, a user 123 among them (API-14, MIG-13)', async () => {
    await runTask(database.url, 'seed');
    const first = await counts();
    await runTask(database.url, 'seed');
    await runTask(database.url, 'seed', '--file', 'seeds/users.js');
    expect(await counts()).toEqual(first);
    expect(first).toEqual([{ users: 2, has123: true, projects: 12, workflows: 2 }]);
  });

  it('revert the last migrations and run them again (MIG-07)', async () => {
    const names = (await readdir(join(REFERENCE_SERVER, 'migrations'))).filter((name) => name.endsWith('.sql'));
    const later = names.sort().slice(1).reverse();
    const reverted: string[] = [];
    while (reverted.length < later.length) reverted.push((await runTask(database.url, 'migration:revert')).stdout);
    expect(reverted).toEqual(later.map((name) => `reverted ${name.replace('.sql', '')}\n`));
    await expect(counts()).rejects.toThrow('projects');
    await runTask(database.url, 'migration:run');
    await runTask(database.url, 'seed');
    expect(await counts()).toEqual([{ users: 2, has123: true, projects: 12, workflows: 2 }]);
  });

  it('have a schema file that is what the migrations build, in the same order of columns (MIG-01)', async () => {
    const { stdout, stderr } = await runTask(database.url, 'migration:generate', '--check');
    expect({ stdout, stderr }).toEqual({
      stdout: 'nothing to generate: the migrations build the schema\n',
      stderr: '',
    });
  });

  it('generate a migration by a path or a bare name, as the runbook calls them (MIG-01, X-48)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tasks-'));
    const schema = join(folder, 'schema.txt');
    const wanted = await readFile(join(REFERENCE_SERVER, 'schema.sql'), 'utf8');
    await writeFile(schema, `${wanted}\nALTER TABLE events ADD origin JSONB NOT NULL DEFAULT '{}';`);
    const args = ['src/migrations/MigrationName', '--schema', schema, '--dry-run'];
    const { stdout } = await runTask(database.url, 'migration:generate', ...args);
    await rm(folder, { recursive: true });
    expect(stdout).toMatch(/^would create migrations\/\d{8}_\d{6}_migration_name\.sql\n/);
    expect(stdout).toContain(`\nALTER TABLE public.events ADD COLUMN origin jsonb DEFAULT '{}'::jsonb NOT NULL;\n`);
    expect(stdout).toContain('\nALTER TABLE public.events DROP COLUMN origin;');
  });

  it('tell whether the database answers, by exit code (DB-22)', async () => {
    const { stdout } = await runTask(database.url, 'db:ping');
    expect(stdout).toMatch(/^database \w+ answers\n$/);
    for (const task of ['db:ping', 'migration:run', 'seed']) {
      await expect(runTask('postgres://nobody@127.0.0.1:1/none', task)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^error: the database .* does not answer \(127\.0\.0\.1:1\)\..*\n$/) as string,
      });
    }
  });
});

async function counts(): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT (SELECT count(*)::int FROM users) AS users, EXISTS (SELECT FROM users WHERE id = 123) AS "has123",
              (SELECT count(*)::int FROM projects) AS projects, (SELECT count(*)::int FROM workflows) AS workflows`,
    );
    return rows;
  } finally {
    await client.end();
  }
}
