import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Called } from './call.js';
import { cli, cliOn } from './cli.js';
import { useDatabase, useFolder } from './fixtures.js';

const database = useDatabase('all');
const folder = useFolder();

beforeEach(() => database.client.query('drop table if exists rows; create table rows (id int primary key, by text)'));

const seed = (...args: string[]): Promise<Called> => cliOn(database.url, 'seed', '--dir', folder.path, ...args);
const insert = (id: number): string =>
  `client.query('insert into rows values (${id}, $1) on conflict do nothing', ['seed'])`;
const ids = async (): Promise<number[]> =>
  (await database.client.query<{ id: number }>('select id from rows order by id')).rows.map(({ id }) => id);

const FILES = {
  'a.cjs': `module.exports = async ({ client }) => ${insert(1)};`,
  'b.mjs': `export default ({ client }) => ${insert(2)};`,
  'c.sql': `insert into rows values (3, 'sql') on conflict do nothing;`,
  'notes.md': '',
};

describe('seed', () => {
  it('runs CommonJS, ESM and SQL, and leaves the same rows the second time (MIG-13)', async () => {
    await folder.write(FILES);
    const first = await seed('--json');
    expect(JSON.parse(first.stdout)).toEqual({
      applied: ['a.cjs', 'b.mjs', 'c.sql'].map((name) => join(folder.path, name)),
    });
    expect(await ids()).toEqual([1, 2, 3]);
    expect(await seed()).toMatchObject({ exitCode: 0 });
    expect(await ids()).toEqual([1, 2, 3]);
  });

  it('runs one file alone, or those that index.js lists in its order (MIG-13, CLI-03)', async () => {
    await folder.write(FILES);
    await cliOn(database.url, 'seed', '--file', join(folder.path, 'b.mjs'));
    expect(await ids()).toEqual([2]);
    await folder.write({ 'index.cjs': `module.exports = ['c.sql', 'a.cjs'];` });
    expect((await seed()).stdout).toBe(
      `applied ${join(folder.path, 'c.sql')}\napplied ${join(folder.path, 'a.cjs')}\n`,
    );
  });

  it('names files and folders without what a terminal obeys (S50)', async () => {
    const escape = '\u001b[2J';
    await folder.write({ [`a${escape}.sql`]: 'select 1' });
    expect((await seed('--dry-run')).stdout).toBe(`would apply ${join(folder.path, 'a\\u001b[2J.sql')}\n`);
    const { stderr } = await cliOn(database.url, 'seed', '--dir', `/nonexistent/${escape}`);
    expect(stderr).toContain("'/nonexistent/\\u001b[2J'");
    expect(stderr).not.toContain(escape);
  });

  it('refuses production unless it is forced (MIG-13)', async () => {
    await folder.write(FILES);
    const inProduction = (...args: string[]): Promise<Called> =>
      cli(['seed', '--dir', folder.path, '--dotenv', 'none', ...args], {
        env: { DATABASE_URL: database.url, NODE_ENV: 'production' },
      });
    expect(await inProduction()).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('--force') as string,
    });
    expect(await ids()).toEqual([]);
    expect(await inProduction('--force')).toMatchObject({ exitCode: 0 });
  });

  it('leaves nothing of a seed that fails, and runs none when one cannot be loaded', async () => {
    await folder.write({
      'a.cjs': FILES['a.cjs'],
      'b.cjs': `module.exports = async ({ client }) => { await ${insert(2)}; throw new Error('no'); };`,
    });
    const failed = await seed();
    expect({ ...failed, ids: await ids() }).toMatchObject({ exitCode: 1, ids: [1] });
    expect(failed.stderr).toMatch(/^error: the seed \S+b\.cjs failed and left nothing behind: no\n$/);
    await database.client.query('truncate rows');
    await folder.write({ 'z.cjs': 'module.exports = 1;' });
    expect(await seed()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('must export a function') as string,
    });
    expect(await ids()).toEqual([]);
  });

  it('runs nothing with --dry-run (S50)', async () => {
    await folder.write(FILES);
    expect((await seed('--dry-run')).stdout).toContain('would apply');
    expect(await ids()).toEqual([]);
  });

  it('gives two at once the same rows as one', async () => {
    const check = `async ({ client }) => {
      const { rows } = await client.query('select count(*)::int as n from rows');
      await client.query('select pg_sleep(0.3)');
      if (rows[0].n === 0) await client.query('insert into rows select n from generate_series(1, 3) n');
    }`;
    await folder.write({ 'a.cjs': `module.exports = ${check};` });
    expect((await Promise.all([seed(), seed(), seed()])).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(await ids()).toEqual([1, 2, 3]);
  });
});

describe('--profile', () => {
  it('has the defaults of the service, as a function of OPS_PROFILE or as plain data; the environment wins', async () => {
    await folder.write({
      'profile.cjs': `exports.default = (name) => ({ DB_NAME: name, DB_HOST: 'h' });`,
      'data.mjs': `export default { DB_NAME: 'plain' };`,
    });
    const named = (file: string, env = {}): Promise<Called> =>
      cli(['config', 'print', '--shell', '--dotenv', 'none', '--profile', join(folder.path, file)], { env });
    expect((await named('profile.cjs', { OPS_PROFILE: 'booky' })).stdout).toContain("export DB_NAME='booky'\n");
    expect((await named('profile.cjs', { OPS_PROFILE: 'booky', DB_NAME: 'said' })).stdout).toContain(
      "export DB_NAME='said'\n",
    );
    expect((await named('data.mjs')).stdout).toContain("export DB_NAME='plain'\n");
    expect(await named('none.mjs')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('cannot load') as string,
    });
  });
});
